// In the bundle in place of @inquirer/external-editor: nothing here opens an editor, and it brings 540 KB of character
// tables that every start would read past.
export function editAsync() {
  throw new Error('no editor here')
}
