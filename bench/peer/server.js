// PostGraphile as it comes, over the tables of activities. It is told which column names a report, and whose a report is.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { jsonPgSmartTags } from "postgraphile/utils";

const tags = {
  version: 1,
  config: {
    class: {
      report: { tags: { unique: "id", foreignKey: "(organisation_id) references organisation (id)" } },
    },
  },
};
const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [jsonPgSmartTags(tags)],
  pgServices: [makePgService({ connectionString: process.env.BENCH_ACTIVITIES, schemas: ["public"] })],
  grafserv: { graphqlPath: "/graphql", watch: false },
  grafast: { explain: false },
};
// It tells of every type it does not know.
console.log = console.warn = () => {};
const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(process.argv[2]), "127.0.0.1");
