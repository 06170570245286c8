#include "tables/cell_text.h"

#include <cmath>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTextBoundaryFinder>
#include <QTimeZone>

#include "domain/visible_text.h"

namespace scr::tables {

namespace {

QDateTime utc(domain::UtcTime time)
{
    // Floor, so that times before 1970 do not round towards it.
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return QDateTime::fromMSecsSinceEpoch(millis, Qt::UTC);
}

QLocale plainLocale()
{
    return QLocale{QLocale::English, QLocale::UnitedKingdom};
}

} // namespace

QString shown(const std::string& untrusted)
{
    return QString::fromStdString(domain::visibleText(untrusted));
}

QString shownShort(const std::string& untrusted, qsizetype characters)
{
    const QString text = shown(untrusted);
    QTextBoundaryFinder finder{QTextBoundaryFinder::Grapheme, text};
    qsizetype cut = text.size();
    for (qsizetype count = 1; finder.toNextBoundary() >= 0 && finder.position() < text.size(); ++count) {
        if (count == characters - 1)
            cut = finder.position();
        if (count == characters)
            return text.left(cut) + QChar{0x2026};
    }
    return text;
}

QString clockText(domain::UtcTime time)
{
    return utc(time).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString dateTimeText(domain::UtcTime time)
{
    return plainLocale().toString(utc(time), QStringLiteral("d MMM yyyy HH:mm:ss"));
}

QString preciseTimeText(domain::UtcTime time)
{
    return plainLocale().toString(utc(time), QStringLiteral("d MMM yyyy HH:mm:ss.zzz"));
}

QString fullTimeText(domain::UtcTime time)
{
    QString iso = QString::fromStdString(domain::isoText(time));
    iso.replace(QLatin1Char{'T'}, QLatin1Char{' '});
    iso.chop(1);
    return iso + QStringLiteral(" UTC");
}

QString ageText(domain::UtcTime then, domain::UtcTime now)
{
    using namespace std::chrono;
    const auto age = now - then;
    if (age < minutes{1})
        return QStringLiteral("%1 s").arg(std::max<qint64>(0, duration_cast<seconds>(age).count()));
    if (age < hours{1})
        return QStringLiteral("%1 m").arg(duration_cast<minutes>(age).count());
    if (age < days{2})
        return QStringLiteral("%1 h").arg(duration_cast<hours>(age).count());
    if (age < days{730})
        return QStringLiteral("%1 d").arg(duration_cast<days>(age).count());
    return QStringLiteral("%1 y").arg(duration_cast<years>(age).count());
}

QString numberText(double value)
{
    const bool whole = std::abs(value - std::round(value)) < 1e-9;
    QString text = plainLocale().toString(std::abs(value), 'f', whole ? 0 : 2);
    if (value < 0 && text != QStringLiteral("0"))
        text.prepend(QChar{0x2212});
    return text;
}

QString signedText(double value)
{
    const QString text = numberText(value);
    return value > 0 ? QLatin1Char{'+'} + text : text;
}

QString countText(std::int64_t value, const char* one, const char* many)
{
    return QStringLiteral("%1 %2").arg(numberText(static_cast<double>(value)), QString::fromUtf8(value == 1 ? one : many));
}

QString titleOf(domain::DetectorId detector)
{
    switch (detector) {
    case domain::DetectorId::DuplicateVotes: return QCoreApplication::translate("Detector", "Duplicate votes");
    case domain::DetectorId::ImpossibleVotes: return QCoreApplication::translate("Detector", "Impossible votes");
    case domain::DetectorId::CounterDrift: return QCoreApplication::translate("Detector", "Counter drift");
    case domain::DetectorId::ConcurrentAttempts: return QCoreApplication::translate("Detector", "Race");
    case domain::DetectorId::AttemptFanOut: return QCoreApplication::translate("Detector", "Attempt fan-out");
    case domain::DetectorId::UnloggedVotes: return QCoreApplication::translate("Detector", "Unlogged votes");
    case domain::DetectorId::Probing: return QCoreApplication::translate("Detector", "Probing");
    case domain::DetectorId::TokenBurst: return QCoreApplication::translate("Detector", "Token burst");
    case domain::DetectorId::Metronome: return QCoreApplication::translate("Detector", "Metronome");
    case domain::DetectorId::Timetable: return QCoreApplication::translate("Detector", "Timetable");
    case domain::DetectorId::SerialVoter: return QCoreApplication::translate("Detector", "Serial voter");
    case domain::DetectorId::VoteRing: return QCoreApplication::translate("Detector", "Vote ring");
    case domain::DetectorId::SubnetSocks: return QCoreApplication::translate("Detector", "Subnet crowd");
    case domain::DetectorId::TokenMint: return QCoreApplication::translate("Detector", "Token mint");
    case domain::DetectorId::TokenHopping: return QCoreApplication::translate("Detector", "Token hopping");
    case domain::DetectorId::Lockstep: return QCoreApplication::translate("Detector", "Lockstep");
    case domain::DetectorId::DenseBlock: return QCoreApplication::translate("Detector", "Dense block");
    case domain::DetectorId::PostSurge: return QCoreApplication::translate("Detector", "Post surge");
    case domain::DetectorId::SiteRule: return QCoreApplication::translate("Detector", "Site rule");
    case domain::DetectorId::Control: return QCoreApplication::translate("Detector", "Control fell");
    }
    return {};
}

QString titleOf(domain::Severity severity)
{
    switch (severity) {
    case domain::Severity::Low: return QCoreApplication::translate("Severity", "Low");
    case domain::Severity::Medium: return QCoreApplication::translate("Severity", "Medium");
    case domain::Severity::High: return QCoreApplication::translate("Severity", "High");
    case domain::Severity::Critical: return QCoreApplication::translate("Severity", "Critical");
    }
    return {};
}

QString postName(const std::string& title, const domain::PostKey& post)
{
    return title.empty() ? QCoreApplication::translate("PostName", "post %1").arg(shown(post.text)) : shown(title);
}

} // namespace scr::tables
