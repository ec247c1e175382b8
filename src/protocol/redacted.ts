/** What stands in place of a secret on everything that we print. Its length says nothing either. */
export const redacted = '***'
