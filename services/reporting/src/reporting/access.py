"""Who may ask what of reporting. The public sees no figure yet."""

from runtime.access import SIGNED_IN, RouteTable, Rule

ACCESS: RouteTable = {
    ("GET", "/v1/coverage"): Rule(SIGNED_IN),
    ("GET", "/v1/presence"): Rule(SIGNED_IN),
    ("POST", "/internal/coverage/query"): Rule(SIGNED_IN),
    ("POST", "/internal/presence/query"): Rule(SIGNED_IN),
    ("GET", "/v1/progress"): Rule(SIGNED_IN),
    ("POST", "/internal/progress/query"): Rule(SIGNED_IN),
}
