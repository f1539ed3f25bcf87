import { ApiError, NetworkError } from '@/api/errors'
import { i18n } from '@/i18n'

/** The sentence to show for anything that went wrong: the server's own, else ours for the kind of failure. */
export function sentence(error: unknown): string {
  const t = i18n.global.t
  if (error instanceof NetworkError) return t('core.error.network')
  if (error instanceof ApiError) {
    if (error.detail) return error.detail
    if (error.status === 503 || error.status === 429) return t('core.error.busy')
    if (error.status === 404) return t('core.missing.text')
    return t('core.error.status', { status: error.status })
  }
  return t('core.error.unknown')
}
