declare module '@lhncbc/ucum-lhc' {
  const ucum: {
    readonly UcumLhcUtils: {
      getInstance(): { convertToBaseUnits(code: string, value: number): unknown };
    };
  };
  export default ucum;
}
