// The popover came last of all that every page needs (Chrome, Edge 114, Firefox 125, Safari 17): where it is, so are modules and ES2023.
if (!('popover' in HTMLElement.prototype)) {
  document.getElementById('app').id = 'too-old'
  document.body.appendChild(document.createElement('script')).src = '/too-old.js'
}
