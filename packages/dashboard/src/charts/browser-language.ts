/**
 * uPlot makes a number format of the browser's language as it is loaded. Headless Chromium in a POSIX locale (LANG=C.UTF-8, as in
 * most containers) says `en-US@posix`, which is no language tag: that throws, and the page would stay empty. Has to be imported
 * before uPlot.
 */
function isLanguageTag(language: string): boolean {
  try {
    Intl.getCanonicalLocales(language);
    return true;
  } catch {
    return false;
  }
}

if (!isLanguageTag(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US' });
