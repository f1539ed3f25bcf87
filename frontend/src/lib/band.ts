/** Bands by their place among the board's bands: one has no name, two are small and large, then as in the rules. */
export type BandWord = 'all' | 's' | 'm' | 'l' | 'xl' | 'nth'

const words: BandWord[][] = [['all'], ['s', 'l'], ['s', 'm', 'l'], ['s', 'm', 'l', 'xl']]

export const bandWord = (count: number, at: number): BandWord => words[count - 1]?.[at] ?? 'nth'
