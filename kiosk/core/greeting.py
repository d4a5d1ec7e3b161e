"""The screens of a person who was recognised and has not joined yet: choose, and be welcomed."""

from kiosk.visit.choosing import A_PAGE, on_page
from kiosk.visit.stages import Choice, Hint, Welcome
from kiosk.wire.screens import ChoiceScreen, Choosable, Screen, WelcomeScreen


def screen_of_greeting(stage: Choice | Welcome) -> ChoiceScreen | WelcomeScreen:
    """What a choice or a welcome shows."""
    return _choice(stage) if isinstance(stage, Choice) else _welcome(stage)


def asks_another(before: Screen, after: Screen) -> bool:
    """Whether a touch that was meant for `before` must not be taken for an answer to `after`."""
    match before, after:
        case ChoiceScreen(), ChoiceScreen():
            return before.choices != after.choices
        case WelcomeScreen(), WelcomeScreen():
            return _booked(before) != _booked(after)
        case _:
            return type(before) is not type(after)


def _booked(screen: WelcomeScreen) -> tuple[object, ...]:
    return screen.visitors, screen.starts_at, screen.ends_at


def _choice(stage: Choice) -> ChoiceScreen:
    shown = ((place, stage.offered[place].booking) for place in on_page(stage))
    return ChoiceScreen(
        first_name=stage.person.first_name,
        choices=tuple(
            Choosable(str(place), booking.visitors, booking.opens_at, booking.starts_at)
            for place, booking in shown
        ),
        page=stage.page,
        pages=-(-len(stage.standing) // A_PAGE),
        notice=_notice(stage.hint),
    )


def _welcome(stage: Welcome) -> WelcomeScreen:
    return WelcomeScreen(
        first_name=stage.person.first_name,
        visitors=stage.booking.visitors,
        starts_at=stage.booking.starts_at,
        ends_at=stage.booking.ends_at,
        joining=stage.asked_at is not None,
        notice=_notice(stage.hint),
        opens_at=stage.booking.opens_at if stage.opens_at_s is not None else None,
        monitoring=stage.booking.monitoring,
        back=stage.choice is not None,
    )


def _notice(hint: Hint | None) -> str | None:
    return hint.notice if hint else None
