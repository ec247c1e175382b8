/** The column of the matrix that this run is about: a transport or a broker. Set by `npm run matrix`, and by `npm test`. */
export const matrixCell = process.env.MATRIX_CELL
