// What a browser that is too old for Cercle (see browser.js) is told instead of a white page: written as such browsers understand it, and
// dressed here, because it may not understand the stylesheets either.
;(function () {
  var versions = ['Chrome 114', 'Edge 114', 'Firefox 125', 'Safari 17 (iPhone, iPad : iOS 17)']
  var sentences = {
    fr: [
      'Ce navigateur est trop ancien pour Cercle',
      'Mettez-le à jour, ou ouvrez cette adresse dans un autre. Fonctionnent, dans ces versions ou plus récentes :',
    ],
    en: ['This browser is too old for Cercle', 'Update it, or open this address in another one. These work, in these versions or newer:'],
  }

  function add(to, name, text) {
    var element = document.createElement(name)
    if (text) element.appendChild(document.createTextNode(text))
    return to.appendChild(element)
  }

  var main = document.createElement('main')
  main.style.cssText = 'max-width: 36em; margin: 0 auto; padding: 2em 1em; font: 17px/1.5 sans-serif'
  for (var language in sentences) {
    var section = add(main, 'section')
    section.lang = language
    add(section, language === document.documentElement.lang ? 'h1' : 'h2', sentences[language][0])
    add(section, 'p', sentences[language][1])
    var list = add(section, 'ul')
    list.style.cssText = 'margin: 0 0 2em; padding-left: 1.5em'
    for (var i = 0; i < versions.length; i++) add(list, 'li', versions[i])
  }
  // The application finds no place: whatever of it this browser understands does not appear.
  var place = document.getElementById('too-old')
  place.parentNode.replaceChild(main, place)
})()
