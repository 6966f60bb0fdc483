"""Why organisations are not merged, or not parted."""

from http import HTTPStatus

from runtime.problems import Refusal


class MergedWithItself(Refusal):
    """An organisation can't be merged into itself."""

    ar = "لا يمكن دمج منظمة في نفسها."


class AlreadyMerged(Refusal):
    """This organisation was merged into another already: undo that first."""

    status = HTTPStatus.CONFLICT
    ar = "سبق دمج هذه المنظمة في غيرها: ألغِ ذلك الدمج أولاً."


class IntoMerged(Refusal):
    """The organisation to merge into was itself merged into another."""

    status = HTTPStatus.CONFLICT
    ar = "المنظمة المراد الدمج فيها دُمجت هي نفسها في غيرها."


class NotMerged(Refusal):
    """This organisation is not merged into another."""

    status = HTTPStatus.CONFLICT
    ar = "هذه المنظمة ليست مدموجة في غيرها."


class TooManyMerged(Refusal):
    """An organisation stands for {limit} others at most."""

    status = HTTPStatus.CONFLICT
    ar = "الحد الأقصى لما يُدمج في منظمة واحدة ({limit})."
