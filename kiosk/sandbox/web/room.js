// Whether a picture has room beside the sound. By itself a browser never stops it: on a line that is too
// narrow for both it goes on sending the least that it knows, and of the sound a third is lost.

const NARROW_BPS = 60000; // as at the terminal, in kiosk/call/ladder.py
const LOST = 0.05;
const MUCH_LOST = 0.2; // whatever the browser believes: it may take a quarter of a minute to see it
const LATE_S = 0.4;
const STOP_AFTER = 3;
const TRY_AFTER = [10, 20, 40];
const LONGEST = 60;
const STAYED = 30;

export class Room {
  constructor() {
    this.forPicture = true;
    this._row = 0;
    this._seconds = 0; // since the picture was stopped or tried
    this._tries = 0;
  }

  // Once a second. `bps` is what the browser thinks that it can send, `lost` the share of our sound that
  // did not come there, `trip` its way there and back in seconds; a browser may not tell.
  second({ bps, lost, trip }) {
    this._seconds += 1;
    const spoiled = lost > LOST || trip > LATE_S;
    if (this.forPicture) {
      const narrow = (spoiled && bps < NARROW_BPS) || lost > MUCH_LOST;
      this._row = narrow ? this._row + 1 : 0;
      if (this._row >= STOP_AFTER) this._turn(false);
      else if (this._seconds >= STAYED) this._tries = 0;
    } else if (this._seconds >= (spoiled ? LONGEST : TRY_AFTER[this._tries] || LONGEST)) {
      this._tries += 1;
      this._turn(true);
    }
  }

  _turn(forPicture) {
    this.forPicture = forPicture;
    this._row = this._seconds = 0;
  }
}
