import { pinnedImageUri } from '../domain/container-image.ts';
import { xgboostImage } from '../domain/xgboost.ts';
import type { ImageRegistry } from '../ports.ts';

/** The managed XGBoost image of a region, by the digest that its tag has now. Throws XgboostImageUnknown, ImageNotFound. */
export async function servingImage(images: ImageRegistry, region: string): Promise<string> {
  const image = xgboostImage(region);
  return pinnedImageUri(image, await images.digest(image));
}
