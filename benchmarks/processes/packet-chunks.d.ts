export const topic: string
export function lineOf(number: number): string
