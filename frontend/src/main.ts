import { VueQueryPlugin, QueryClient } from '@tanstack/vue-query'
import { createApp } from 'vue'
import { ApiError } from '@/api/errors'
import { i18n, preferredLanguage, setLanguage, useWords } from '@/i18n'
import { followTheme } from '@/lib/theme'
import App from '@/app/App.vue'
import { router } from '@/app/router'
import '@/styles/tokens.css'

/** A refusal will be refused again; only a busy or unreachable server is worth another try. */
function worthRetrying(count: number, error: Error): boolean {
  if (error instanceof ApiError && error.status < 500 && error.status !== 429) return false
  return count < 2
}

const queryClient = new QueryClient({
  defaultOptions: {
    // Plain HTTP by address has no reliable navigator.onLine: always try, and say what happened.
    queries: { retry: worthRetrying, staleTime: 10_000, networkMode: 'always', refetchOnWindowFocus: true },
    mutations: { retry: false, networkMode: 'always' },
  },
})

async function start() {
  followTheme()
  await setLanguage(preferredLanguage())
  await useWords('core')
  const app = createApp(App)
  app.use(i18n)
  app.use(router)
  app.use(VueQueryPlugin, { queryClient })
  app.mount('#app')
}

void start()
