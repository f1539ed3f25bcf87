/** The letter of an option by its place: A, B, C. */
export const letter = (index: number): string => String.fromCharCode(65 + index)
