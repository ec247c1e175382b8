const entities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What XML 1.0 cannot hold in any form, an unpaired surrogate among it. */
const forbidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu

/** Text from outside, in XML and HTML, between tags or in quotes. */
export function escapeXml(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[<>&"']/g, (character) => entities[character] ?? '')
}
