#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QTabBar>
#include <QTest>
#include <QVBoxLayout>

#include "domain/void_plan.h"
#include "views/gallery.h"
#include "widgets/avatar.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/chip.h"
#include "widgets/code_box.h"
#include "widgets/digest_view.h"
#include "widgets/elided_label.h"
#include "widgets/filter_bar.h"
#include "widgets/history_list.h"
#include "widgets/nav_rail.h"
#include "widgets/segmented_button.h"
#include "widgets/slope_pane.h"
#include "widgets/state_pane.h"
#include "widgets/status_strip.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"
#include "widgets/time_range_button.h"
#include "widgets/totals_strip.h"
#include "widgets/untrusted_label.h"

using namespace scr;
using namespace scr::widgets;
using theme::ButtonKind;
using theme::Icon;

namespace {

QWidget* row(std::initializer_list<QWidget*> widgets, QWidget* parent)
{
    auto* box = new QWidget{parent};
    auto* layout = new QHBoxLayout{box};
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(10);
    for (QWidget* widget : widgets)
        layout->addWidget(widget);
    layout->addStretch(1);
    return box;
}

QWidget* column(std::initializer_list<QWidget*> widgets)
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    for (QWidget* widget : widgets)
        layout->addWidget(widget);
    layout->addStretch(1);
    return box;
}

std::vector<domain::ScoreChange> leaders()
{
    std::vector<domain::ScoreChange> changes;
    const char* titles[] = {"東京の終電を可視化してみた: 2.4 M rides",
                            "Show: a keyboard firmware that maps itself",
                            "Lumen 2.0: instant dashboards for everyone",
                            "Öffentliche Fahrpläne als CSV: Zwischenstand",
                            "Why our nightly backup took 11 hours",
                            "Ask: what do you do when CI is green",
                            "lucky\xE2\x80\xAErebmun",
                            "خرائط مجانية للموانئ القديمة",
                            "Reading floppy disks with a turntable"};
    for (int i = 0; i < 9; ++i) {
        domain::ScoreChange change;
        change.post = domain::PostKey{std::to_string(i)};
        change.title = titles[i];
        change.scoreBefore = 1912 - 60 * i;
        change.scoreAfter = change.scoreBefore - 7;
        change.rankBefore = i + 1;
        change.rankAfter = i < 2 ? i + 1 : i;
        changes.push_back(change);
    }
    changes[2].rankAfter = 61;
    changes[2].scoreAfter = 752;
    changes[2].votes = 661;
    return changes;
}

QWidget* controls()
{
    auto* disabled = makeButton(QStringLiteral("Disabled"), nullptr, ButtonKind::Normal, QStringLiteral("Z"));
    disabled->setEnabled(false);
    auto* small = makeButton(QStringLiteral("Small"), nullptr);
    theme::setSmall(*small);
    auto* bad = new QLineEdit{QStringLiteral("71")};
    theme::setInvalid(*bad, true);
    auto* off = new QLineEdit{QStringLiteral("Disabled")};
    off->setEnabled(false);
    auto* reason = new QLineEdit;
    reason->setPlaceholderText(QStringLiteral("Reason (optional)"));
    auto* combo = new QComboBox;
    combo->addItems({QStringLiteral("verify-full, system certificates"), QStringLiteral("require")});
    auto* spin = new QSpinBox;
    auto* check = new QCheckBox{QStringLiteral("Read from a standby")};
    check->setChecked(true);
    auto* radio = new QRadioButton{QStringLiteral("Production")};
    radio->setChecked(true);
    auto* tabs = new QTabBar;
    for (const QString& tab : {QStringLiteral("Votes\t32"), QStringLiteral("Attempts\t14"), QStringLiteral("SQL")})
        tabs->addTab(tab);
    auto* progress = new QProgressBar;
    progress->setValue(62);
    progress->setTextVisible(false);
    auto* slider = new QSlider{Qt::Horizontal};
    slider->setValue(70);
    auto* box = column({});
    auto* focus = makeButton(QStringLiteral("Focus"), box);
    auto* layout = static_cast<QVBoxLayout*>(box->layout());
    layout->insertWidget(0, row({makeButton(QStringLiteral("Confirm"), nullptr, ButtonKind::Normal, QStringLiteral("C")),
                                 makeButton(QStringLiteral("Connect"), nullptr, ButtonKind::Accent),
                                 makeButton(QStringLiteral("Void 718 votes"), Icon::Void, nullptr, ButtonKind::Danger),
                                 makeButton(QStringLiteral("Add to case"), Icon::Case, nullptr, ButtonKind::Flat), small},
                                box));
    layout->insertWidget(
        1, row({focus, disabled, new SegmentedButton{{QStringLiteral("With"), QStringLiteral("Both"), QStringLiteral("Without")}},
                makeToolButton(Icon::Columns, QStringLiteral("Columns"), nullptr)},
               box));
    layout->insertWidget(2, row({reason, bad, off, new QLineEdit{QStringLiteral("db-1.internal")}}, box));
    layout->insertWidget(
        3,
        row({combo, spin, check, new QCheckBox{QStringLiteral("off")}, radio, new QRadioButton{QStringLiteral("Staging")}}, box));
    layout->insertWidget(4, tabs);
    layout->insertWidget(5, row({progress, slider, new Avatar}, box));
    auto* text = new QPlainTextEdit{QStringLiteral("Burst, race and lockstep on one post; case C-0412.")};
    text->setFixedHeight(60);
    layout->insertWidget(6, text);
    focus->setFocus();
    return box;
}

QWidget* pieces()
{
    auto* critical = new Tag;
    critical->present(QStringLiteral("Critical"), Tag::Kind::Warning, Icon::Critical);
    auto* fails = new Tag;
    fails->present(QStringLiteral("Fails"), Tag::Kind::Danger, Icon::Fails);
    auto* holds = new Tag;
    holds->present(QStringLiteral("Holds"), Tag::Kind::Ok, Icon::Holds);
    auto* badChip = new Chip{QStringLiteral("vote"), QStringLiteral(">> 20")};
    badChip->setError(QStringLiteral("After > a number is expected."));
    auto* hidden = new UntrustedLabel;
    hidden->setUntrusted("tok_5ac2e9f1 “lucky\xE2\x80\xAErebmun” <img src=\"/dev/zero\">");
    auto* digest = new DigestView;
    digest->setDigest(QStringLiteral("9f2c41d807bae35e6610c9f47d22b8a103e75af91c6488d0e2b7904f3ac516fe"));
    auto* history = new HistoryList;
    history->show({{QStringLiteral("14:16"), QStringLiteral("You"), QStringLiteral("opened the flag")},
                   {QStringLiteral("14:02"), QStringLiteral("Scan"), QStringLiteral("raised the flag, 0.3 s after vote 8")},
                   {QStringLiteral("9 Mar"), QStringLiteral("M4"), QStringLiteral("dismissed “8 votes in 11 s”: fast reader")}});
    auto* code = new CodeBox;
    code->setCode(QStringLiteral("57014 canceling statement due to statement timeout\nvotes page · keyset (cast_at, vote_key)"));
    auto* totals = new TotalsStrip;
    totals->show({{QStringLiteral("718"), QStringLiteral("votes leave the count")},
                  {QStringLiteral("376"), QStringLiteral("tokens")},
                  {QStringLiteral("−716"), QStringLiteral("net score, all posts")}});
    return column({row({new Tag{QStringLiteral("Token burst"), Tag::Kind::Plain}, critical, fails, holds,
                        new Tag{QStringLiteral("masked"), Tag::Kind::Info}},
                       nullptr),
                   row({new Chip{QStringLiteral("state"), QStringLiteral("open")},
                        new Chip{QStringLiteral("votes"), QStringLiteral("> 20")}, badChip},
                       nullptr),
                   hidden, digest, history, code, totals});
}

QWidget* frame()
{
    auto* box = new QWidget;
    auto* layout = new QGridLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* rail = new NavRail{QStringLiteral("Scrutineer")};
    rail->addPage(QStringLiteral("flags"), Icon::Flag, QStringLiteral("Flags"));
    rail->addPage(QStringLiteral("votes"), Icon::Votes, QStringLiteral("Votes"));
    rail->addPage(QStringLiteral("leaderboard"), Icon::Leaderboard, QStringLiteral("Leaderboard"));
    rail->addPage(QStringLiteral("voids"), Icon::Void, QStringLiteral("Voids"));
    rail->addPage(QStringLiteral("audit"), Icon::Audit, QStringLiteral("Audit log"));
    rail->addPage(QStringLiteral("controls"), Icon::Shield, QStringLiteral("Controls"));
    rail->addCommand(QStringLiteral("find"), Icon::Search, QStringLiteral("Find"), QStringLiteral("Ctrl K"));
    rail->setUser(QStringLiteral("moderator-2"));
    rail->setCount(QStringLiteral("flags"), 34);
    rail->setCount(QStringLiteral("controls"), 3, true);
    rail->setCurrent(QStringLiteral("flags"));
    auto* range = new TimeRangeButton{[] { return domain::timeOf(1773325200000000); }};
    range->setPreset(TimePreset::LastDay);
    auto* filter = new FilterBar;
    filter->setPlaceholder(QStringLiteral("Filter: state, detector, token, post, votes > 20 …"));
    filter->setChips(
        {{QStringLiteral("state"), QStringLiteral("="), QStringLiteral("open"), {}, {}},
         {QStringLiteral("vote"), QStringLiteral(">>"), QStringLiteral("20"), QStringLiteral("no such comparison"), {}}});
    auto* top = new Band{theme::Role::Window, Band::Edge::Bottom};
    top->setFixedHeight(48);
    auto* bar = new QHBoxLayout{top};
    bar->addWidget(range);
    bar->addWidget(filter, 1);
    auto* status = new StatusStrip;
    status->setEnvironment(domain::Environment::Production);
    status->setSource(QStringLiteral("lanternboard · db-1.internal/board"));
    status->setLock(QStringLiteral("read-only, proved"), true);
    status->showJob(QStringLiteral("Scan · token burst"), 62, QStringLiteral("about 40 s left"));
    status->setClock(QStringLiteral("12 Mar 2026 14:20:07 UTC"));
    auto* danger = new Banner;
    danger->present(Banner::Kind::Danger, QStringLiteral("Not read-only: this login has 3 ways to write."),
                    QStringLiteral("The console stays closed until they are gone or another login is used."),
                    QStringLiteral("Copy the REVOKE statements"));
    danger->setDetails({QStringLiteral("board.purge_votes() is SECURITY DEFINER and PUBLIC may run it"),
                        QStringLiteral("TEMP on database board")});
    auto* warning = new Banner;
    warning->present(Banner::Kind::Warning, QStringLiteral("Connection to db-1.internal lost at 14:20:31."),
                     QStringLiteral("Trying again in 4 s."), QStringLiteral("Try now"));
    auto* error = new StatePane;
    error->showError(
        QStringLiteral("The votes could not be read"),
        QStringLiteral("The server ended the query after 15 s. Nothing was changed. A shorter time range usually helps."),
        QStringLiteral("57014 canceling statement due to statement timeout"));
    error->addAction(QStringLiteral("Last 24 hours instead"));
    error->addAction(QStringLiteral("Try again"), ButtonKind::Flat);
    layout->addWidget(rail, 0, 0, 5, 1);
    layout->addWidget(top, 0, 1);
    layout->addWidget(danger, 1, 1);
    layout->addWidget(warning, 2, 1);
    layout->addWidget(error, 3, 1);
    layout->setRowStretch(3, 1);
    layout->addWidget(status, 5, 0, 1, 2);
    return box;
}

QWidget* slopes()
{
    auto* box = new QWidget;
    auto* layout = new QHBoxLayout{box};
    auto* pane = new SlopePane;
    pane->show(leaders(), 8);
    auto* mini = new SlopeMini;
    mini->show(leaders(), 8);
    mini->setCaptions(QStringLiteral("With"), QStringLiteral("11 Mar 03:00"), QStringLiteral("Without"));
    layout->addWidget(pane, 2, Qt::AlignTop);
    layout->addWidget(mini, 1, Qt::AlignTop);
    return box;
}

QWidget* menu()
{
    auto* menu = new QMenu;
    menu->addAction(theme::icon(Icon::Copy), QStringLiteral("Copy as TSV\tCtrl+C"));
    menu->addSeparator();
    QAction* checked = menu->addAction(QStringLiteral("Show age"));
    checked->setCheckable(true);
    checked->setChecked(true);
    menu->addAction(QStringLiteral("Export…"))->setEnabled(false);
    menu->setActiveAction(checked);
    return menu;
}

} // namespace

class TestGallery : public QObject {
    Q_OBJECT
private slots:
    void controlsInThreeThemes() { gallery::render(QStringLiteral("controls"), {820, 330}, controls); }
    void piecesInThreeThemes() { gallery::render(QStringLiteral("pieces"), {560, 400}, pieces); }
    void frameInThreeThemes() { gallery::render(QStringLiteral("frame"), {1280, 620}, frame); }
    void slopesInThreeThemes() { gallery::render(QStringLiteral("slopes"), {1240, 300}, slopes); }
    void menuInThreeThemes() { gallery::render(QStringLiteral("menu"), {240, 110}, menu); }
};

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
