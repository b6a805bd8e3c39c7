// Every word of the page in both languages.
import { en } from './text/en'
import { zh } from './text/zh'

export type { Text } from './text/zh'
export const text = { zh, en }
