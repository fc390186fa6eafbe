const side = 256

/**
 * Makes the picture that is kept of somebody from any image this browser can read: its middle square, 256 points a side, as a JPEG in
 * base64. Drawing it anew leaves behind what a camera writes into a file (place, time, device). Undefined when it is not an image.
 */
export async function squarePicture(chosen: Blob): Promise<string | undefined> {
  const image = await createImageBitmap(chosen).catch(() => undefined)
  if (!image) return undefined
  const square = Math.min(image.width, image.height)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side
  const paper = canvas.getContext('2d')
  if (!paper) return undefined
  // What is transparent would come out black.
  paper.fillStyle = '#ffffff'
  paper.fillRect(0, 0, side, side)
  paper.imageSmoothingQuality = 'high'
  paper.drawImage(image, (image.width - square) / 2, (image.height - square) / 2, square, square, 0, 0, side, side)
  image.close()
  return canvas.toDataURL('image/jpeg', 0.85).split(',')[1]
}
