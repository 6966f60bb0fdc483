// Starts GraphiQL. The token lives in this page alone: nothing of it is stored.
(function () {
  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  const form = document.getElementById("token-form");
  const field = document.getElementById("token");
  const question = "{\n  sectors {\n    code\n    names { ar en }\n  }\n}\n";
  let times = 0;

  function draw() {
    const token = field.value.trim();
    const headers = token ? { Authorization: "Bearer " + token } : {};
    const fetcher = GraphiQL.createFetcher({ url: "/graphql", headers: headers, enableIncrementalDelivery: false });
    times += 1; // a new key: the schema is asked for again, as the token may see it
    const shown = { key: times, fetcher: fetcher, defaultQuery: question, shouldPersistHeaders: false };
    root.render(React.createElement(GraphiQL, shown));
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    draw();
  });
  draw();
})();
