/** The program's menu: what editing and looking need. Electron's own would link to other sites. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

export function setApplicationMenu(): void {
  const menus: MenuItemConstructorOptions[] = [{ role: 'fileMenu' }, { role: 'editMenu' }, { role: 'viewMenu' }, { role: 'windowMenu' }];
  if (process.platform === 'darwin') menus.unshift({ role: 'appMenu' });
  Menu.setApplicationMenu(Menu.buildFromTemplate(menus));
}
