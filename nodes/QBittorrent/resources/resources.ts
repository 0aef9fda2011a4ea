import type { Resource } from '../../shared/operation';
import { application } from './application/application.resource';
import { category } from './category/category.resource';
import { tag } from './tag/tag.resource';
import { torrent } from './torrent/torrent.resource';
import { transfer } from './transfer/transfer.resource';

/** Everything that the node can do. */
export const RESOURCES: Resource[] = [application, category, tag, torrent, transfer];
