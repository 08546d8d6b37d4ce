// What a person does on the page, for the end-to-end tests and the screenshots.

/** Opens the room's address, waits for the preview, types the name and joins. */
export async function joinRoom(page, pageUrl, room, name, query = {}) {
  await page.goto(`${pageUrl}/?${new URLSearchParams({ room, ...query })}`);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Turn camera off' }).waitFor();
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('toolbar', { name: 'Call' }).waitFor();
}

/** The tile of another person. */
export const tileOf = (page, name) => page.locator(`.tile[data-self=no][data-name="${name}"]`);

/** All tiles of others. */
export const otherTiles = (page) => page.locator('.tile[data-self=no]');
