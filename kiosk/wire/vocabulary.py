"""All messages together, for who reads lines that may hold any of them."""

from kiosk.wire import devices, messages, own, touchscreen

AnyMessage = (
    messages.Hello
    | devices.ReaderStatus
    | devices.CardPresented
    | devices.CardRemoved
    | devices.CardUnreadable
    | devices.BoardStatus
    | devices.HandsetStatus
    | devices.Tamper
    | devices.TamperOver
    | devices.Indicate
    | devices.AcknowledgeTamper
    | messages.Show
    | messages.Touched
    | messages.PinEntered
    | messages.Drawn
    | messages.RemoteDrawn
    | messages.PictureStats
    | messages.ScreenStats
    | messages.GetReady
    | messages.PrepareCall
    | messages.TakeAnswer
    | messages.TakeOffer
    | messages.MoveDeadline
    | messages.Mute
    | messages.Hold
    | messages.UseHandset
    | messages.Adjust
    | messages.Play
    | messages.EndCall
    | messages.CallStatus
    | messages.OfferReady
    | messages.AnswerReady
    | messages.CallConnected
    | messages.CallLost
    | messages.CallSilent
    | messages.CallHeard
    | messages.CallPaused
    | messages.CallEnded
    | messages.MediaDevice
    | messages.CallStats
    | own.OwnLevels
    | touchscreen.TouchscreenStatus
    | messages.StageEntered
)
