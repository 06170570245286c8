#include "pages/void_detail.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "pages/table_copy.h"
#include "pages/void_text.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/digest_view.h"
#include "widgets/elided_label.h"
#include "widgets/history_list.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr int kFactsWidth = 400;
constexpr std::size_t kMostFlags = 6;

widgets::Tag::Kind kindOf(domain::RequestState state)
{
    switch (state) {
    case domain::RequestState::Proposed: return widgets::Tag::Kind::Warning;
    case domain::RequestState::Done: return widgets::Tag::Kind::Info;
    case domain::RequestState::Withdrawn:
    case domain::RequestState::Restored: return widgets::Tag::Kind::Plain;
    }
    return widgets::Tag::Kind::Plain;
}

} // namespace

VoidDetail::VoidDetail(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeTables(), 1);
    layout->addWidget(new widgets::Rule{Qt::Vertical, theme::Role::LineStrong});
    layout->addWidget(makeFacts());
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
}

QWidget* VoidDetail::makeTables()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_tabs = new QTabBar;
    m_tabs->setExpanding(false);
    m_tabs->setFixedHeight(theme::kTabs);
    m_table = new QTableView;
    m_table->setAccessibleName(tr("Posts and votes"));
    delegates::dressDense(*m_table);
    m_table->setMinimumHeight(theme::kHeader + 4 * theme::kDenseRow);
    offerCopy(*m_table);
    layout->addWidget(m_tabs);
    layout->addWidget(m_table, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &VoidDetail::showTab);
    return box;
}

QWidget* VoidDetail::makeFacts()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(theme::kPanePadding, 12, theme::kPanePadding, 12);
    layout->setSpacing(6);
    auto* head = new QHBoxLayout;
    head->setSpacing(theme::kGap);
    m_title = new widgets::TextLabel{{}, theme::Type::Section};
    m_state = new widgets::Tag;
    m_key = new widgets::ElidedLabel{nullptr, theme::Type::MonoSmall, theme::Role::Text3};
    m_key->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    head->addWidget(m_title);
    head->addWidget(m_state);
    head->addWidget(m_key, 1);
    m_reason = new widgets::TextLabel{{}, theme::Type::Body};
    m_reason->setWordWrap(true);
    m_history = new widgets::HistoryList;
    m_flagsTitle = new widgets::TextLabel{{}, theme::Type::DenseStrong, theme::Role::Text2};
    m_flags = new QVBoxLayout;
    m_flags->setSpacing(2);
    m_digest = new widgets::DigestView;
    const auto caption = [](const QString& text) {
        return new widgets::TextLabel{text, theme::Type::DenseStrong, theme::Role::Text2};
    };
    layout->addLayout(head);
    layout->addWidget(m_reason);
    layout->addSpacing(6);
    layout->addWidget(m_history);
    layout->addSpacing(6);
    layout->addWidget(m_flagsTitle);
    layout->addLayout(m_flags);
    layout->addSpacing(6);
    layout->addWidget(caption(tr("Digest of what was reviewed")));
    layout->addWidget(m_digest);
    layout->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidget(box);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFixedWidth(kFactsWidth);
    return area;
}

void VoidDetail::begin(const domain::VoidRequestRow& request)
{
    const bool another = request.request != m_request.request;
    m_request = request;
    m_title->setText(tr("V-%1").arg(request.number));
    m_state->present(tables::stateText(request), kindOf(request.state));
    m_key->setText(QString::fromStdString(request.request.text));
    m_reason->setText(tables::shown(request.reason));
    m_history->show(historyOf(request));
    m_digest->setDigest(QString::fromStdString(request.digest));
    fillFlags(request.flags);
    if (!another)
        return;
    m_posts.setRows({});
    m_votes.setRows({});
    fillTabs();
}

void VoidDetail::show(const domain::RequestReading& reading)
{
    if (reading.request.request != m_request.request)
        return;
    m_posts.setRows(reading.posts);
    m_votes.setRows(reading.votes);
    fillTabs();
}

void VoidDetail::fillTabs()
{
    const int before = std::max(0, m_tabs->currentIndex());
    const QSignalBlocker quiet{m_tabs};
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    m_tabs->addTab(tr("Posts %1").arg(tables::numberText(static_cast<double>(m_request.posts))));
    const bool all = m_votes.rowCount() == 0 || m_votes.rowCount() == m_request.votes;
    m_tabs->addTab(
        all ? tr("Votes %1").arg(tables::numberText(static_cast<double>(m_request.votes)))
            : tr("Votes, %1 of %2")
                  .arg(tables::numberText(m_votes.rowCount()), tables::numberText(static_cast<double>(m_request.votes))));
    m_tabs->setCurrentIndex(before);
    showTab(before);
}

void VoidDetail::showTab(int index)
{
    m_table->setModel(index == 0 ? static_cast<QAbstractItemModel*>(&m_posts) : &m_votes);
    fitColumns(*m_table);
    if (index == 0)
        giveRest(*m_table, static_cast<int>(tables::PostSharesModel::Column::Post));
}

void VoidDetail::fillFlags(const std::vector<domain::FlagKey>& flags)
{
    while (QLayoutItem* item = m_flags->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_flagsTitle->setVisible(!flags.empty());
    m_flagsTitle->setText(tr("From %1").arg(tables::countText(static_cast<std::int64_t>(flags.size()), "flag", "flags")));
    for (std::size_t i = 0; i < std::min(flags.size(), kMostFlags); ++i) {
        QPushButton* open = widgets::makeButton(tables::shown(flags[i].text), theme::Icon::Flag, this, theme::ButtonKind::Flat);
        theme::setSmall(*open);
        connect(open, &QPushButton::clicked, this, [this, flag = flags[i]] { emit flagWanted(flag); });
        m_flags->addWidget(open, 0, Qt::AlignLeft);
    }
    if (flags.size() > kMostFlags)
        m_flags->addWidget(new widgets::TextLabel{tr("and %1 more; the report has them all").arg(flags.size() - kMostFlags),
                                                  theme::Type::Caption, theme::Role::Text3});
}

} // namespace scr::pages
