#include "widgets/state_pane.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/code_box.h"
#include "widgets/text_label.h"

namespace scr::widgets {

namespace {

using theme::Role;
using theme::Type;

constexpr int kBarsAfter = 300;   // ms
constexpr int kWordsAfter = 2000; // ms
constexpr int kColumn = 440;
constexpr int kIconSide = 28;
constexpr int kHeadHeight = 36;

} // namespace

/// Rows of flat bars where rows will be; nothing moves.
class Skeleton : public QWidget {
public:
    using QWidget::QWidget;
    void setShown(bool shown)
    {
        m_shown = shown;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        if (!m_shown)
            return;
        static constexpr double kWidths[] = {0.45, 0.30, 0.38, 0.54, 0.39, 0.25};
        const theme::Theme& theme = theme::themeOf(palette());
        QPainter painter{this};
        int row = 0;
        for (int y = 0; y + theme::kQueueRow <= height(); y += theme::kQueueRow, ++row) {
            const double share = kWidths[row % 6];
            painter.fillRect(QRectF(16, y + 15, 12, 12), theme[Role::Press]);
            painter.fillRect(QRectF(44, y + 9, width() * share, 8), theme[Role::Press]);
            painter.fillRect(QRectF(44, y + 24, width() * share * 0.6, 7), theme[Role::Hover]);
            painter.fillRect(QRectF(width() - 136.0, y + 17, 40, 8), theme[Role::Press]);
            painter.fillRect(QRectF(width() - 80.0, y + 17, 64, 8), theme[Role::Press]);
            painter.fillRect(QRect{0, y + theme::kQueueRow - 1, width(), 1}, theme[Role::Line]);
        }
    }

private:
    bool m_shown{};
};

StatePane::StatePane(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeLoading());
    layout->addWidget(makeMessage());
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_barsTimer.setSingleShot(true);
    m_wordsTimer.setSingleShot(true);
    connect(&m_barsTimer, &QTimer::timeout, this, [this] { m_skeleton->setShown(true); });
    connect(&m_wordsTimer, &QTimer::timeout, this, [this] { m_loadingHead->setVisible(true); });
    begin(State::Empty);
}

QWidget* StatePane::makeLoading()
{
    m_loading = new QWidget{this};
    auto* layout = new QVBoxLayout{m_loading};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_loadingHead = new Band{Role::Window, Band::Edge::Bottom, m_loading};
    m_loadingHead->setFixedHeight(kHeadHeight);
    auto* head = new QHBoxLayout{m_loadingHead};
    head->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_loadingWhat = new TextLabel{{}, Type::Dense, Role::Text, m_loadingHead};
    m_progress = new QProgressBar{m_loadingHead};
    m_progress->setFixedWidth(96);
    m_progress->setTextVisible(false);
    m_loadingCount = new TextLabel{{}, Type::Dense, Role::Text2, m_loadingHead};
    QPushButton* stop = makeButton(tr("Stop"), m_loadingHead);
    stop->setObjectName(QStringLiteral("stop"));
    theme::setSmall(*stop);
    connect(stop, &QPushButton::clicked, this, &StatePane::stopRequested);
    head->addWidget(m_loadingWhat);
    head->addWidget(m_progress);
    head->addWidget(m_loadingCount);
    head->addStretch(1);
    head->addWidget(stop);
    m_skeleton = new Skeleton{m_loading};
    layout->addWidget(m_loadingHead);
    layout->addWidget(m_skeleton, 1);
    return m_loading;
}

QWidget* StatePane::makeMessage()
{
    m_message = new QWidget{this};
    auto* centred = new QVBoxLayout{m_message};
    auto* column = new QWidget{m_message}; // of fixed width, so that wrapped lines get their height
    column->setFixedWidth(kColumn);
    auto* layout = new QVBoxLayout{column};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_icon = new QLabel{m_message};
    m_icon->setAlignment(Qt::AlignCenter);
    m_title = new TextLabel{{}, Type::Title, Role::Text, m_message};
    m_title->setAlignment(Qt::AlignCenter);
    m_sentence = new TextLabel{{}, Type::Body, Role::Text2, m_message};
    m_sentence->setAlignment(Qt::AlignCenter);
    m_code = new CodeBox{m_message};
    m_actions = new QHBoxLayout;
    m_actions->setSpacing(theme::kGap);
    m_actions->setAlignment(Qt::AlignHCenter);
    for (QLabel* label : {m_title, m_sentence})
        label->setWordWrap(true);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_icon, m_title, m_sentence, m_code})
        layout->addWidget(widget);
    layout->addSpacing(theme::kGap);
    layout->addLayout(m_actions);
    centred->addStretch(1);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(column);
    row->addStretch(1);
    centred->addLayout(row);
    centred->addStretch(1);
    return m_message;
}

void StatePane::begin(State state)
{
    m_state = state;
    hideProgress();
    m_loading->setVisible(state == State::Loading);
    m_message->setVisible(state != State::Loading);
    m_code->setVisible(false);
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        if (QWidget* button = item->widget()) {
            button->hide();
            button->deleteLater(); // it may be the one that was just clicked
        }
        delete item;
    }
}

void StatePane::showEmpty(theme::Icon icon, const QString& title, const QString& sentence, Role tint)
{
    begin(State::Empty);
    m_glyph = icon;
    m_tint = tint;
    drawIcon();
    m_title->setText(title);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
}

void StatePane::drawIcon()
{
    m_icon->setPixmap(theme::icon(m_glyph, palette(), m_tint).pixmap(QSize{kIconSide, kIconSide}, devicePixelRatioF()));
}

void StatePane::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_state != State::Loading)
        drawIcon();
}

void StatePane::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (isHidden()) // itself, and not the page that it is on
        hideProgress();
}

/// A stack gives the focus of what it hides to a button of what it shows: Stop would get it, and lose it to any other one.
void StatePane::hideProgress()
{
    m_barsTimer.stop();
    m_wordsTimer.stop();
    m_skeleton->setShown(false);
    m_loadingHead->setVisible(false);
}

void StatePane::showLoading(const QString& what)
{
    begin(State::Loading);
    m_loadingWhat->setText(what);
    setLoadingProgress({}, -1);
    m_barsTimer.start(kBarsAfter);
    m_wordsTimer.start(kWordsAfter);
}

void StatePane::setLoadingProgress(const QString& count, int percent)
{
    m_loadingCount->setText(count);
    m_progress->setRange(0, percent < 0 ? 0 : 100);
    m_progress->setValue(std::max(percent, 0));
}

QPushButton* StatePane::showStopped()
{
    showEmpty(theme::Icon::Off, tr("Stopped"), tr("Nothing was read, and nothing was changed."));
    return addAction(tr("Read again"));
}

void StatePane::showError(const QString& title, const QString& sentence, const QString& code)
{
    showEmpty(theme::Icon::Warning, title, sentence, Role::WarningText);
    m_state = State::Error;
    m_code->setCode(code);
    m_code->setVisible(!code.isEmpty());
}

QPushButton* StatePane::addAction(const QString& text, theme::ButtonKind kind, const QString& keyHint)
{
    QPushButton* button = makeButton(text, m_message, kind, keyHint);
    m_actions->addWidget(button);
    return button;
}

} // namespace scr::widgets
