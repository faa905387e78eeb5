import { describe, expect, it } from '@jest/globals';
import { parseFhirPath } from '../../../src/fhir/fhirpath/parse.ts';
import { mayRunLong } from '../../../src/fhir/fhirpath/runs-long.ts';
import { compileFhirPath } from '../../../src/fhir/fhirpath.ts';
import { agreementExpressions } from './project-expressions.ts';

describe('an expression that may run long', () => {
  it.each([
    ['(1).repeat($this + 1)', true],
    ['a.aggregate($total & $total)', true],
    ["a.matches('^(a+)+$')", true],
    ["a.matches('(a|aa)+')", true],
    ['a.matches(b)', true],
    ['a.select(b).select(c).select(d).select(e)', true],
    ['a.where(b.where(c.where(d.where(e.where(f)))))', true],
    ["a.matches('^[0-9]{10}$')", false],
    ["a.matches('^(AN|RE)_[A-Z]+$')", false],
    ["name.where(use = 'official').given.first()", false],
    ['identifier.exists(system.exists() and value.exists())', false],
  ])('is told by its form: %s is %s', (expression, expected) => {
    expect(mayRunLong(parseFhirPath(expression))).toBe(expected);
  });

  it('is none of those in our agreements and rules of inclusion', () => {
    const texts = agreementExpressions().map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => mayRunLong(parseFhirPath(text)))).toEqual([]);
  });

  it('is answered as any other when it does not', () => {
    const expression = '(1).repeat(iif($this < 5, $this + 1, {})).count()';
    expect(compileFhirPath(expression, { untrusted: true })({})).toEqual(compileFhirPath(expression)({}));
  });
});
