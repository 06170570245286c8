#include "theme/text_paint.h"

#include <cmath>

#include <QFontMetricsF>
#include <QPainter>
#include <QRegularExpression>

#include "theme/fonts.h"
#include "theme/shaped_text.h"

namespace scr::theme {

namespace {

constexpr double kCodePadding = 2;
constexpr double kCodeGap = 1;
constexpr double kCodeHeight = 13;
constexpr double kHintHeight = 16;

double codeWidth(const QString& code)
{
    return std::ceil(lineWidth(code, fontOf(Type::MonoSmall))) + 2 * kCodePadding + 2 * kCodeGap;
}

void drawCode(QPainter& painter, const QRectF& rect, const QString& code, const Theme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QRectF box{rect.left() + kCodeGap, std::round(rect.center().y() - kCodeHeight / 2), rect.width() - 2 * kCodeGap, kCodeHeight};
    painter.setPen(QPen{theme[Role::WarningLine], 1});
    painter.setBrush(theme[Role::WarningSoft]);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.setPen(theme[Role::WarningText]);
    painter.setFont(fontOf(Type::MonoSmall));
    painter.drawText(box, Qt::AlignCenter, code);
    painter.restore();
}

} // namespace

std::vector<TextRun> runsOf(const QString& shown)
{
    static const QRegularExpression kCode{QStringLiteral("\\[(U\\+[0-9A-F]{4,6})\\]")};
    std::vector<TextRun> runs;
    qsizetype from = 0;
    for (auto match = kCode.match(shown); match.hasMatch(); match = kCode.match(shown, from)) {
        if (match.capturedStart() > from)
            runs.push_back({shown.mid(from, match.capturedStart() - from), false});
        runs.push_back({match.captured(1), true});
        from = match.capturedEnd();
    }
    if (from < shown.size())
        runs.push_back({shown.mid(from), false});
    return runs;
}

double drawRuns(QPainter& painter, const QRectF& rect, const std::vector<TextRun>& runs, const Theme& theme)
{
    const QFont font = painter.font();
    const bool fits = widthOf(runs, font) <= rect.width();
    const double ellipsis = fits ? 0 : lineWidth(QString{QChar{0x2026}}, font);
    double x = rect.left();
    for (const TextRun& run : runs) {
        const double width = run.isCode ? codeWidth(run.text) : lineWidth(run.text, font);
        const double room = rect.right() - x;
        if (width > room - ellipsis && !fits) {
            // The ellipsis is part of the text, so that a run that just fits says that something follows.
            const QString rest = run.isCode ? QString{QChar{0x2026}} : run.text + QChar{0x2026};
            drawLine(painter, {x, rect.top(), room, rect.height()}, rest);
            return rect.width();
        }
        if (run.isCode)
            drawCode(painter, QRectF{x, rect.top(), width, rect.height()}, run.text, theme);
        else
            drawLine(painter, {x, rect.top(), width, rect.height()}, run.text);
        x += width;
    }
    return x - rect.left();
}

double widthOf(const std::vector<TextRun>& runs, const QFont& font)
{
    double width = 0;
    for (const TextRun& run : runs)
        width += run.isCode ? codeWidth(run.text) : lineWidth(run.text, font);
    return width;
}

QSizeF keyHintSize(const QString& key)
{
    const double text = QFontMetricsF{fontOf(Type::Caption)}.horizontalAdvance(key);
    return {std::max(kHintHeight, std::ceil(text) + 8), kHintHeight};
}

void drawKeyHint(QPainter& painter, const QRectF& rect, const QString& key, const QColor& text, const QColor& line)
{
    const QSizeF size = keyHintSize(key);
    const QRectF box{std::round(rect.center().x() - size.width() / 2), std::round(rect.center().y() - size.height() / 2),
                     size.width(), size.height()};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen{line, 1});
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    QFont font = fontOf(Type::Caption);
    font.setPixelSize(10);
    painter.setFont(font);
    painter.setPen(text);
    painter.drawText(box, Qt::AlignCenter, key);
    painter.restore();
}

QString initialsOf(const QString& login)
{
    QString initials;
    bool atStart = true;
    for (const QChar c : login) {
        if (!c.isLetterOrNumber()) {
            atStart = true;
            continue;
        }
        if (atStart || (c.isDigit() && initials.size() == 1))
            initials += c.toUpper();
        atStart = false;
        if (initials.size() == 2)
            break;
    }
    if (initials.size() == 1 && login.size() > 1 && login.at(1).isLetterOrNumber())
        initials += login.at(1).toUpper();
    return initials;
}

void drawAvatar(QPainter& painter, const QRectF& rect, const QString& initials, bool isYou, const Theme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme[isYou ? Role::AccentFill : Role::Press]);
    painter.drawEllipse(rect);
    QFont font = fontOf(Type::CaptionStrong);
    font.setPixelSize(rect.height() < 18 ? 8 : 9);
    painter.setFont(font);
    painter.setPen(theme[isYou ? Role::OnFill : Role::Text2]);
    painter.drawText(rect, Qt::AlignCenter, initials);
    painter.restore();
}

QString numberText(double value, int decimals)
{
    QString digits = QString::number(std::abs(value), 'f', decimals);
    if (digits.contains(QLatin1Char{'.'})) {
        while (digits.endsWith(QLatin1Char{'0'}))
            digits.chop(1);
        if (digits.endsWith(QLatin1Char{'.'}))
            digits.chop(1);
    }
    const qsizetype point = digits.indexOf(QLatin1Char{'.'});
    for (qsizetype at = (point < 0 ? digits.size() : point) - 3; at > 0; at -= 3)
        digits.insert(at, QLatin1Char{','});
    return value < 0 && digits != QLatin1String{"0"} ? QChar{0x2212} + digits : digits;
}

} // namespace scr::theme
