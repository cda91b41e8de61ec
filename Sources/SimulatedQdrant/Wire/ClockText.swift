/// Moments as texts.
enum ClockText {
  /// `2026-07-17T08:30:00.123456Z`.
  static func rfc3339(_ seconds: Double) -> String {
    let clamped = seconds.isFinite ? min(max(seconds, 0), 253_402_300_799) : 0
    let whole = Int(clamped)
    let micros = Int((clamped - Double(whole)) * 1_000_000)
    let (year, month, day) = date(day: whole / 86400)
    let clock = whole % 86400
    let fraction = String(1_000_000 + micros).dropFirst()
    return "\(year)-\(two(month))-\(two(day))T\(two(clock / 3600)):\(two(clock / 60 % 60)):"
      + "\(two(clock % 60)).\(fraction)Z"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

  /// The civil date of a day counted from 1970-01-01.
  private static func date(day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = shifted / 146_097
    let ofEra = shifted % 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * ofYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, ofYear - (153 * part + 2) / 5 + 1)
  }
}
