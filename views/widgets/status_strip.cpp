#include "widgets/status_strip.h"

#include <cmath>

#include <QFontMetricsF>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/elided_label.h"
#include "widgets/environment_badge.h"
#include "widgets/text_label.h"

namespace scr::widgets {

namespace {

using theme::Role;
using theme::Type;

constexpr int kCellX = 12;
constexpr int kCellIcon = 14;
constexpr int kBarWidth = 96;

} // namespace

StatusCell::StatusCell(theme::Icon icon, QWidget* parent) : QWidget{parent}, m_icon{icon}
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setVisible(false);
}

void StatusCell::present(const QString& text, Role tint)
{
    m_text = text;
    m_tint = tint;
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    updateGeometry();
    update();
}

void StatusCell::setIcon(theme::Icon icon)
{
    m_icon = icon;
    update();
}

QSize StatusCell::sizeHint() const
{
    const double text = QFontMetricsF{theme::fontOf(Type::Dense)}.horizontalAdvance(m_text);
    const int icon = m_icon == theme::Icon::Count ? 0 : kCellIcon + 6;
    return {static_cast<int>(std::ceil(text)) + icon + 2 * kCellX, theme::kStatusBar};
}

void StatusCell::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    int x = kCellX;
    if (m_icon != theme::Icon::Count) {
        const Role tint = m_tint == Role::Text2 ? Role::Text2 : m_tint;
        theme::drawIcon(painter, QRectF(x, (height() - kCellIcon) / 2.0, kCellIcon, kCellIcon), m_icon, theme[tint]);
        x += kCellIcon + 6;
    }
    painter.setFont(theme::fontOf(Type::Dense));
    const bool alarming = m_tint == Role::DangerText || m_tint == Role::WarningText;
    painter.setPen(theme[alarming ? m_tint : Role::Text2]);
    painter.drawText(rect().adjusted(x, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_text);
    painter.fillRect(QRect{width() - 1, 0, 1, height()}, theme[Role::LineStrong]);
    if (hasFocus()) {
        painter.setPen(QPen{theme[Role::Focus], 2});
        painter.drawRect(rect().adjusted(1, 1, -2, -1));
    }
}

void StatusCell::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        emit clicked();
}

void StatusCell::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        emit clicked();
    else
        QWidget::keyPressEvent(event);
}

StatusStrip::StatusStrip(QWidget* parent) : QWidget{parent}
{
    setFixedHeight(theme::kStatusBar);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 1, 0, 0);
    layout->setSpacing(0);
    m_badge = new EnvironmentBadge{this};
    m_badge->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding); // the whole height of the bar
    m_source = new StatusCell{theme::Icon::Database, this};
    m_lock = new StatusCell{theme::Icon::Lock, this};
    m_seal = new StatusCell{theme::Icon::Seal, this};
    m_live = new StatusCell{theme::Icon::Pulse, this};
    m_notice = new ElidedLabel{this, Type::Dense, Role::Text2};
    m_clock = new StatusCell{theme::Icon::Count, this};
    for (QWidget* widget : std::initializer_list<QWidget*>{m_badge, m_source, m_lock, m_seal, m_live})
        layout->addWidget(widget);
    layout->addSpacing(kCellX);
    layout->addWidget(m_notice, 1);
    layout->addWidget(makeJob());
    layout->addWidget(m_clock);
    for (StatusCell* cell : {m_source, m_lock, m_seal, m_live})
        cell->setFocusPolicy(Qt::TabFocus);
    connect(m_lock, &StatusCell::clicked, this, &StatusStrip::lockClicked);
    connect(m_source, &StatusCell::clicked, this, &StatusStrip::sourceClicked);
    connect(m_seal, &StatusCell::clicked, this, &StatusStrip::sealClicked);
    connect(m_live, &StatusCell::clicked, this, &StatusStrip::liveClicked);
}

QWidget* StatusStrip::makeJob()
{
    m_job = new QWidget{this};
    auto* layout = new QHBoxLayout{m_job};
    layout->setContentsMargins(kCellX, 0, kCellX, 0);
    layout->setSpacing(theme::kGap);
    m_jobName = new TextLabel{{}, Type::Dense, Role::Text2, m_job};
    m_jobBar = new QProgressBar{m_job};
    m_jobBar->setFixedWidth(kBarWidth);
    m_jobBar->setTextVisible(false);
    m_jobPercent = new TextLabel{{}, Type::DenseStrong, Role::Text, m_job};
    m_jobLeft = new TextLabel{{}, Type::Dense, Role::Text3, m_job};
    m_stop = makeButton(tr("Stop"), m_job);
    theme::setSmall(*m_stop);
    m_stop->setFixedHeight(20);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_jobName, m_jobBar, m_jobPercent, m_jobLeft, m_stop})
        layout->addWidget(widget, 0, Qt::AlignVCenter);
    connect(m_stop, &QPushButton::clicked, this, &StatusStrip::stopRequested);
    m_job->setVisible(false);
    return m_job;
}

void StatusStrip::setEnvironment(domain::Environment environment)
{
    m_badge->present(environment);
}

void StatusStrip::setEvidence(domain::Environment environment)
{
    m_badge->presentEvidence(environment);
}

void StatusStrip::setSource(const QString& text)
{
    m_source->present(text);
}

void StatusStrip::setLock(const QString& text, bool proved)
{
    m_lock->setIcon(proved ? theme::Icon::Lock : theme::Icon::Unlock);
    m_lock->present(text, proved ? Role::OkText : Role::DangerText);
}

void StatusStrip::setSeal(const QString& text, Role tint)
{
    m_seal->present(text, tint);
}

void StatusStrip::setLive(const QString& text, Role tint)
{
    if (text != m_live->text())
        m_live->present(text, tint);
}

void StatusStrip::setNotice(const QString& text)
{
    m_notice->setText(text);
}

void StatusStrip::showJob(const QString& name, int percent, const QString& timeLeft)
{
    m_jobName->setText(name);
    m_jobBar->setRange(0, percent < 0 ? 0 : 100);
    m_jobBar->setValue(std::max(percent, 0));
    m_jobPercent->setText(percent < 0 ? QString{} : tr("%1 %").arg(percent));
    m_jobLeft->setText(timeLeft);
    m_jobLeft->setVisible(!timeLeft.isEmpty());
    m_job->setVisible(true);
}

void StatusStrip::hideJob()
{
    m_job->setVisible(false);
}

void StatusStrip::setClock(const QString& text)
{
    m_clock->present(text);
}

void StatusStrip::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[Role::Window]);
    painter.fillRect(QRect{0, 0, width(), 1}, theme[Role::LineStrong]);
    if (m_clock->isVisible())
        painter.fillRect(QRect{m_clock->x() - 1, 1, 1, height() - 1}, theme[Role::LineStrong]);
}

} // namespace scr::widgets
