export declare function commandFiles(): Promise<readonly { readonly file: string; readonly id: string }[]>
