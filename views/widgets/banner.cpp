#include "widgets/banner.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QTextLayout>
#include <QVBoxLayout>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::widgets {

namespace {

using theme::Role;

constexpr int kPaddingX = 12;
constexpr int kPaddingY = 8;

struct Look {
    Role fill;
    Role line;
    Role text;
    theme::Icon icon;
};

Look lookOf(Banner::Kind kind)
{
    switch (kind) {
    case Banner::Kind::Info: return {Role::InfoSoft, Role::InfoLine, Role::Link, theme::Icon::Info};
    case Banner::Kind::Ok: return {Role::OkSoft, Role::OkLine, Role::OkText, theme::Icon::Holds};
    case Banner::Kind::Warning: return {Role::WarningSoft, Role::WarningLine, Role::WarningText, theme::Icon::Caution};
    case Banner::Kind::Danger: return {Role::DangerSoft, Role::DangerLine, Role::DangerText, theme::Icon::Fails};
    }
    return {Role::InfoSoft, Role::InfoLine, Role::Link, theme::Icon::Info};
}

} // namespace

/// Wrapping plain text of which the beginning stands in weight; a QLabel could do that in rich text only.
class Banner::Sentence : public QWidget {
public:
    explicit Sentence(QWidget* parent) : QWidget{parent}
    {
        QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
    }

    void present(const QString& lead, const QString& text, Role role)
    {
        m_lead = lead;
        m_text = text.isEmpty() ? lead : lead + QLatin1Char{' '} + text;
        m_role = role;
        setAccessibleName(m_text);
        updateGeometry();
        update();
    }
    [[nodiscard]] const QString& text() const { return m_text; }
    [[nodiscard]] int firstLineTop() const { return std::max(0, (height() - layOut(width(), nullptr)) / 2); }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override { return layOut(width, nullptr); }
    [[nodiscard]] QSize sizeHint() const override { return {320, layOut(320, nullptr)}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, theme::lineHeightOf(theme::Type::Body)}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter{this};
        painter.setPen(theme::themeOf(palette())[m_role]);
        painter.translate(0, firstLineTop());
        layOut(width(), &painter);
    }

private:
    int layOut(int width, QPainter* painter) const
    {
        QTextLayout layout{m_text, theme::fontOf(theme::Type::Body)};
        QTextLayout::FormatRange strong;
        strong.start = 0;
        strong.length = static_cast<int>(m_lead.size());
        strong.format.setFontWeight(QFont::DemiBold);
        layout.setFormats({strong});
        const int lineHeight = theme::lineHeightOf(theme::Type::Body);
        int y = 0;
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(width);
            line.setPosition({0, y + (lineHeight - line.height()) / 2});
            y += lineHeight;
        }
        layout.endLayout();
        if (painter != nullptr)
            layout.draw(painter, {0, 0});
        return y;
    }

    QString m_lead;
    QString m_text;
    Role m_role = Role::Text;
};

Banner::Banner(QWidget* parent) : QWidget{parent}, m_sentence{new Sentence{this}}, m_detailBox{new QWidget{this}}
{
    m_button = makeButton({}, this);
    m_other = makeButton({}, this);
    for (QPushButton* button : {m_button, m_other})
        theme::setSmall(*button);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(kPaddingX + theme::kIcon + 8, kPaddingY, kPaddingX, kPaddingY);
    head->setSpacing(theme::kPanePadding);
    head->addWidget(m_sentence, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::kGap);
    buttons->addWidget(m_other);
    buttons->addWidget(m_button);
    head->addLayout(buttons);
    m_details = new QVBoxLayout{m_detailBox};
    m_details->setContentsMargins(kPaddingX, kPaddingY, kPaddingX, kPaddingY);
    m_details->setSpacing(4);
    auto* whole = new QVBoxLayout{this};
    whole->setContentsMargins(0, 0, 0, 1);
    whole->setSpacing(0);
    whole->addLayout(head);
    whole->addWidget(m_detailBox);
    m_detailBox->setVisible(false);
    setVisible(false);
    connect(m_button, &QPushButton::clicked, this, &Banner::buttonClicked);
    connect(m_other, &QPushButton::clicked, this, &Banner::otherClicked);
}

void Banner::present(Kind kind, const QString& lead, const QString& text, const QString& button, const QString& other)
{
    m_kind = kind;
    m_sentence->present(lead, text, lookOf(kind).text);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    m_other->setText(other);
    m_other->setVisible(!other.isEmpty());
    setDetails({});
    setVisible(true);
    update();
}

void Banner::setDetails(const QStringList& details)
{
    while (QLayoutItem* item = m_details->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int number = 0;
    for (const QString& detail : details) {
        auto* line =
            new TextLabel{QStringLiteral("%1   %2").arg(++number).arg(detail), theme::Type::Dense, Role::Text2, m_detailBox};
        line->setWordWrap(true);
        line->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_details->addWidget(line);
    }
    m_detailBox->setVisible(!details.isEmpty());
}

void Banner::dismiss()
{
    setVisible(false);
}

QString Banner::sentence() const
{
    return m_sentence->text();
}

void Banner::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

void Banner::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    const Look look = lookOf(m_kind);
    QPainter painter{this};
    const int head = m_detailBox->isVisible() ? m_detailBox->y() : height();
    painter.fillRect(rect(), theme[Role::Base]);
    painter.fillRect(QRect{0, 0, width(), head}, theme[look.fill]);
    painter.fillRect(QRect{0, head - 1, width(), 1}, theme[look.line]);
    painter.fillRect(QRect{0, height() - 1, width(), 1}, theme[m_detailBox->isVisible() ? Role::Line : look.line]);
    const QRectF place(kPaddingX, m_sentence->y() + m_sentence->firstLineTop() + 2.0, theme::kIcon, theme::kIcon);
    const Role tint = look.icon == theme::Icon::Info ? look.text : theme::roleOf(look.icon);
    theme::drawIcon(painter, place, look.icon, theme[tint]);
}

} // namespace scr::widgets
