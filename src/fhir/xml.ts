/**
 * FHIR XML in and out, driven by the element definitions. The `fhir` package on npm, which does the same, was read
 * and left: it carries its own copy of the definitions, rebuilds the narrative instead of keeping it, lets unknown
 * elements and attributes fall away in silence, and says nowhere what is wrong with a document. Here the narrative
 * is kept to the letter, document types and entities are refused, depth is bounded, and every fault has its place.
 */
export { fromXml } from './xml/from-xml.ts';
export { toXml } from './xml/to-xml.ts';
