// The tables of the run, as pack_columns.cpp packed them.

export type Num = number | null;
interface PackedText { words: string[]; at: number[] }
interface PackedSteps { scale: number; steps: Num[] }
interface PackedValues { values: Num[] }
type Packed = PackedText | PackedSteps | PackedValues;
interface PackedTable { rows: number; of: number; columns: Record<string, Packed> }

function unpack(column: Packed): (Num | string)[] {
  if ("words" in column) return column.at.map((i) => column.words[i]);
  if ("values" in column) return column.values;
  let sum = 0;
  return column.steps.map((step) => (step === null ? null : (sum += step) / column.scale));
}

export class Table {
  readonly rows: number;
  readonly of: number; // rows of the file, of which the page may have only some
  private readonly packed: Record<string, Packed>;
  private readonly byHerd = new Map<string, number[]>();
  private readonly unpacked = new Map<string, (Num | string)[]>();

  constructor(table?: PackedTable) {
    this.rows = table ? table.rows : 0;
    this.of = table ? table.of : 0;
    this.packed = table ? table.columns : {};
  }
  has(name: string): boolean { return name in this.packed; }
  // Unknown cells are null. A column that the file lacks is unknown in every row.
  num(name: string): Num[] { return this.column(name, null) as Num[]; }
  text(name: string): string[] { return this.column(name, "") as string[]; }

  private column(name: string, unknown: Num | string): (Num | string)[] {
    let column = this.unpacked.get(name);
    if (!column) {
      column = this.has(name) ? unpack(this.packed[name]) : new Array(this.rows).fill(unknown);
      this.unpacked.set(name, column);
    }
    return column;
  }
  // The places of the rows of one herd, in the order of the file.
  rowsOf(herd: string): number[] {
    const known = this.byHerd.get(herd);
    if (known) return known;
    const herds = this.text("herd");
    const rows: number[] = [];
    for (let i = 0; i < this.rows; i++) if (herds[i] === herd) rows.push(i);
    this.byHerd.set(herd, rows);
    return rows;
  }
}

export interface HerdSpec {
  name?: string;
  servers?: number | (string | { name: string; at?: string })[];
  links?: unknown;
}

// How many servers are 0, 1, 2, … links away from the origin.
export interface Rings { origin: string; servers: number[] }
interface Block { run: any; tables: Record<string, PackedTable>; rings?: Record<string, Rings[]> }

export class Data {
  readonly run: any;
  private readonly tables = new Map<string, Table>();
  readonly herds: string[];

  constructor(private readonly block: Block) {
    this.run = block.run;
    for (const name of Object.keys(block.tables)) this.tables.set(name, new Table(block.tables[name]));
    this.herds = this.table("summary.csv").text("herd");
  }
  table(file: string): Table { return this.tables.get(file) || new Table(); }
  // Of some origins of a herd that is too large to draw; else none.
  rings(herd: string): Rings[] { return (this.block.rings && this.block.rings[herd]) || []; }
  spec(herd: string): HerdSpec {
    const specs: HerdSpec[] = (this.run.scenario && this.run.scenario.herds) || [];
    return specs.find((each) => each.name === herd) || specs[this.herds.indexOf(herd)] || {};
  }
}

export async function readData(block: string): Promise<Data> {
  const text = atob(block), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Data(JSON.parse(await new Response(stream).text()));
}
