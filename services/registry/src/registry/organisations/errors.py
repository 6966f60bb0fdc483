"""Why what names an organisation is refused."""

from runtime.problems import Refusal


class OrganisationNotVerified(Refusal):
    """There is no verified organisation with this id."""

    ar = "لا توجد منظمة موثّقة بهذا المعرّف."
