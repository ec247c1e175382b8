/** Programs of others that results can be given to. */
export type ExportFormat = 'benchmark-action' | 'bencher' | 'otava-csv' | 'openmetrics'
