#include "widgets/code_box.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextDocument>
#include <QTextOption>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/theme.h"
#include "widgets/buttons.h"

namespace scr::widgets {

namespace {

using theme::Role;

constexpr int kPadding = 8;

} // namespace

CodeBox::CodeBox(QWidget* parent, int maxLines) : QWidget{parent}, m_maxLines{maxLines}, m_text{new QPlainTextEdit{this}}
{
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setFont(theme::fontOf(theme::Type::Mono));
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->viewport()->setAutoFillBackground(false);
    m_text->setBackgroundRole(QPalette::Window);
    m_text->setTabChangesFocus(true);
    m_text->document()->setDocumentMargin(0);
    m_text->setAccessibleName(tr("Code"));
    m_copy = makeButton(tr("Copy"), theme::Icon::Copy, this);
    theme::setSmall(*m_copy);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(code()); });
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    fit();
}

void CodeBox::setCode(const QString& code)
{
    m_text->setPlainText(code);
    fit();
}

QString CodeBox::code() const
{
    return m_text->toPlainText();
}

void CodeBox::fit()
{
    const int wanted = static_cast<int>(m_text->document()->size().height()); // in lines, broken ones counted as they are shown
    m_text->setVerticalScrollBarPolicy(wanted > m_maxLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    const int lines = std::clamp(wanted, 1, m_maxLines);
    const int text = lines * QFontMetrics{m_text->font()}.lineSpacing() + 2 * kPadding + 2;
    setFixedHeight(std::max(text, theme::kButtonSmall + 12));
}

void CodeBox::resizeEvent(QResizeEvent*)
{
    const QSize copy = m_copy->sizeHint();
    const int right = m_copy->isVisibleTo(this) ? copy.width() + kPadding : 0;
    m_text->setGeometry(rect().adjusted(kPadding, kPadding, -kPadding - right, -kPadding));
    m_copy->setGeometry(width() - copy.width() - 6, 6, copy.width(), theme::kButtonSmall);
    fit();
}

void CodeBox::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen{theme[Role::LineStrong], 1});
    painter.setBrush(theme[Role::Window]);
    painter.drawRoundedRect(QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5), theme::kRadius, theme::kRadius);
}

} // namespace scr::widgets
