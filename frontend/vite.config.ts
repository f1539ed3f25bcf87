import { fileURLToPath } from 'node:url'
import legacy from '@vitejs/plugin-legacy'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type Plugin } from 'vite'

/** Vant's tags resolve to its modules and styles one by one, so a page carries only what it shows. */
function vantResolver(name: string) {
  const match = /^Van([A-Z]\w*)$/.exec(name)
  if (!match) return undefined
  const folder = match[1].replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
  return { name: match[1], from: 'vant', sideEffects: `vant/es/${folder}/style/index` }
}

/** Vant's icon font names an outside host and we draw our own icons, so its face is left out. */
function stripIconFont(): Plugin {
  return {
    name: 'strip-vant-icon-font',
    enforce: 'pre',
    transform(code, id) {
      if (!/[\\/]vant[\\/].*\.css/.test(id) || !code.includes('@font-face')) return undefined
      return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null }
    },
  }
}

export default defineConfig({
  plugins: [
    vue(),
    stripIconFont(),
    Components({ dts: false, dirs: [], resolvers: [vantResolver, ElementPlusResolver({ importStyle: 'css' })] }),
    legacy({
      renderLegacyChunks: false,
      modernTargets: ['chrome >= 80', 'safari >= 13', 'ios_saf >= 13'],
      modernPolyfills: [
        'es.object.has-own',
        'es.object.from-entries',
        'es.array.at',
        'es.string.at-alternative',
        'es.string.replace-all',
        'es.promise.all-settled',
        'es.promise.any',
        'web.structured-clone',
      ],
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    chunkSizeWarningLimit: 1200,
  },
  server: { port: 5173, proxy: { '/api': process.env.JINGZHONG_API ?? 'http://127.0.0.1:8080' } },
})
