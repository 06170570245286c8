#include "domain/time.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include "domain/visible_text.h"

namespace scr::domain {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kFirstSecond = -2'208'988'800; // 1900-01-01
constexpr std::int64_t kEndSecond = 7'258'118'400;    // 2200-01-01

/// Reads from the front of a text; a step that does not fit answers false and leaves the rest undefined.
class Cursor {
public:
    explicit Cursor(std::string_view text) noexcept : m_rest{text} {}

    [[nodiscard]] bool atEnd() const noexcept { return m_rest.empty(); }
    [[nodiscard]] char peek() const noexcept { return m_rest.empty() ? '\0' : m_rest.front(); }
    [[nodiscard]] bool peeksDigit() const noexcept { return peek() >= '0' && peek() <= '9'; }

    bool take(char wanted) noexcept
    {
        if (m_rest.empty() || m_rest.front() != wanted)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    bool takeDigits(std::size_t count, int& value) noexcept
    {
        if (m_rest.size() < count)
            return false;
        value = 0;
        for (std::size_t at = 0; at < count; ++at) {
            if (!peeksDigit())
                return false;
            value = value * 10 + (m_rest.front() - '0');
            m_rest.remove_prefix(1);
        }
        return true;
    }

    /// Digits after a decimal point as microseconds; finer ones are cut off.
    bool takeFraction(std::int64_t& micros) noexcept
    {
        if (!peeksDigit())
            return false;
        micros = 0;
        for (std::int64_t weight = kSecond / 10; peeksDigit(); weight /= 10) {
            micros += weight * (m_rest.front() - '0');
            m_rest.remove_prefix(1);
        }
        return true;
    }

    /// Whole seconds of any sensible epoch number: at most 11 digits.
    bool takeSeconds(std::int64_t& seconds) noexcept
    {
        if (!peeksDigit())
            return false;
        seconds = 0;
        for (int digits = 0; peeksDigit(); ++digits) {
            if (digits == 11)
                return false;
            seconds = seconds * 10 + (m_rest.front() - '0');
            m_rest.remove_prefix(1);
        }
        return true;
    }

private:
    std::string_view m_rest;
};

std::optional<std::int64_t> epochMicros(std::string_view text)
{
    Cursor cursor{text};
    const bool negative = cursor.take('-');
    std::int64_t seconds = 0;
    std::int64_t fraction = 0;
    if (!cursor.takeSeconds(seconds) || (cursor.take('.') && !cursor.takeFraction(fraction)) || !cursor.atEnd())
        return std::nullopt;
    const std::int64_t micros = seconds * kSecond + fraction;
    return negative ? -micros : micros;
}

/// "+05:30", "+0530", "+05" or "Z"; nothing at all is UTC.
bool takeZone(Cursor& cursor, std::int64_t& offsetSeconds)
{
    offsetSeconds = 0;
    if (cursor.atEnd() || cursor.take('Z') || cursor.take('z'))
        return true;
    const bool west = cursor.take('-');
    if (!west && !cursor.take('+'))
        return false;
    int hours = 0;
    int minutes = 0;
    if (!cursor.takeDigits(2, hours))
        return false;
    const bool colon = cursor.take(':');
    if ((colon || cursor.peeksDigit()) && !cursor.takeDigits(2, minutes))
        return false;
    if (hours > 15 || minutes > 59)
        return false;
    offsetSeconds = (hours * 60 + minutes) * 60;
    offsetSeconds = west ? -offsetSeconds : offsetSeconds;
    return true;
}

bool takeClock(Cursor& cursor, std::int64_t& micros)
{
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    std::int64_t fraction = 0;
    if (!cursor.takeDigits(2, hours) || !cursor.take(':') || !cursor.takeDigits(2, minutes))
        return false;
    if (cursor.take(':')) {
        if (!cursor.takeDigits(2, seconds) || (cursor.take('.') && !cursor.takeFraction(fraction)))
            return false;
    }
    if (hours > 23 || minutes > 59 || seconds > 59)
        return false;
    micros = ((hours * 60 + minutes) * 60 + seconds) * kSecond + fraction;
    return true;
}

std::optional<std::int64_t> isoMicros(std::string_view text)
{
    Cursor cursor{text};
    int year = 0;
    int month = 0;
    int day = 0;
    if (!cursor.takeDigits(4, year) || !cursor.take('-') || !cursor.takeDigits(2, month) || !cursor.take('-') ||
        !cursor.takeDigits(2, day))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok())
        return std::nullopt;
    std::int64_t clock = 0;
    std::int64_t offset = 0;
    if (!cursor.atEnd()) {
        if (!cursor.take('T') && !cursor.take('t') && !cursor.take(' '))
            return std::nullopt;
        if (!takeClock(cursor, clock) || !takeZone(cursor, offset) || !cursor.atEnd())
            return std::nullopt;
    }
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    return (days * kDaySeconds - offset) * kSecond + clock;
}

std::string shortened(std::string_view text)
{
    constexpr std::size_t kShown = 40;
    return text.size() <= kShown ? visibleText(text) : visibleText(text.substr(0, kShown)) + "…";
}

std::string twoUnits(std::int64_t large, const char* largeUnit, std::int64_t small, const char* smallUnit)
{
    std::string text = std::to_string(large) + ' ' + largeUnit;
    if (small != 0)
        text += ' ' + std::to_string(small) + ' ' + smallUnit;
    return text;
}

/// `micros` in units of `unit` with as many decimals as make three digits: 0.57, 18.2, 340.
std::string threeDigits(std::int64_t micros, std::int64_t unit)
{
    const double value = static_cast<double>(micros) / static_cast<double>(unit);
    std::array<char, 32> buffer{};
    const int decimals = micros % unit == 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    return buffer.data();
}

} // namespace

Result<UtcTime> parseTime(std::string_view text)
{
    const bool dashed = text.size() > 4 && text[4] == '-';
    const std::optional<std::int64_t> micros = dashed ? isoMicros(text) : epochMicros(text);
    if (!micros)
        return failure(Fault::Invalid, std::string{"\""}.append(shortened(text)).append("\" is not a time"),
                       "Write it as 2026-03-12T14:20:07Z, 2026-03-12 14:20:07+05:30 or in seconds since 1970");
    if (*micros < kFirstSecond * kSecond || *micros >= kEndSecond * kSecond)
        return failure(Fault::Invalid, "The time \"" + shortened(text) + "\" lies outside the years 1900 to 2199",
                       "Times in milliseconds must be divided by 1000");
    return timeOf(*micros);
}

std::string isoText(UtcTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::int64_t inDay = (time - day).count();
    const std::int64_t seconds = inDay / kSecond;
    std::array<char, 48> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    std::string text = buffer.data();
    if (const std::int64_t fraction = inDay % kSecond; fraction != 0) {
        std::snprintf(buffer.data(), buffer.size(), ".%06d", static_cast<int>(fraction));
        text += buffer.data();
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + 'Z';
}

std::string durationText(Micros length)
{
    const std::int64_t micros = length.count();
    if (micros < 0)
        return std::string{"-"}.append(durationText(Micros{-micros}));
    constexpr std::int64_t kMinute = 60 * kSecond;
    if (micros < 1000)
        return std::to_string(micros) + (micros == 0 ? " s" : " \u00b5s");
    if (micros < 999'500)
        return threeDigits(micros, 1000) + " ms";
    if (micros < kMinute - kSecond / 20)
        return threeDigits(micros, kSecond) + " s";
    const std::int64_t seconds = (micros + kSecond / 2) / kSecond;
    if (seconds < 3600)
        return twoUnits(seconds / 60, "min", seconds % 60, "s");
    const std::int64_t minutes = (seconds + 30) / 60;
    if (minutes < 24 * 60)
        return twoUnits(minutes / 60, "h", minutes % 60, "min");
    const std::int64_t hours = (minutes + 30) / 60;
    return twoUnits(hours / 24, "d", hours % 24, "h");
}

} // namespace scr::domain
