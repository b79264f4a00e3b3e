/* Nobody needs the table page without a network any more, or somebody else may be here now: the kept page goes.
   What could not be sent yet stays: it is sent when its owner is back, or goes with signing out. */
(async () => {
  'use strict';
  for (const name of Object.keys(localStorage)) if (name.startsWith('saved:')) localStorage.removeItem(name);
  if (!('caches' in window)) return;
  for (const name of await caches.keys()) if (name.startsWith('table:')) await caches.delete(name);
})();
