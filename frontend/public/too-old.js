/* Browsers without modules (IE mode) get this sentence instead of an empty page. */
document.getElementById('app').innerHTML = '<p>这个浏览器太旧，打不开警钟。请切换到极速模式，或换用近五年的浏览器。</p>';
