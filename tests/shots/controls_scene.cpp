#include "controls_scene.h"

#include <cstdio>
#include <string>

#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

#include "demo/demo.h"
#include "lab/pg_link.h"
#include "pages/page.h"
#include "shell/main_window.h"
#include "tables/control_list_model.h"
#include "widgets/filter_bar.h"

namespace scr::shots {

namespace {

const std::string kService{demo::kProtectedService};

// What a site in order has beside what the demo's has: an audit, a reader who sees the connections of others, two persons for a
// void.
constexpr const char* kInOrder[]{"CREATE ROLE olga LOGIN IN ROLE scrutineer_auditor", "SET SESSION AUTHORIZATION olga",
                                 "SELECT scrutineer.log_export(gen_random_uuid(), 'report 2026-02, 14 flags, february.html')",
                                 "RESET SESSION AUTHORIZATION", "UPDATE scrutineer.setting SET two_person_rule = true"};
constexpr const char* kBroken[]{"ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE",
                                "UPDATE reference.tally t SET score = t.score + 17 FROM (SELECT post_key, shard FROM "
                                "reference.tally ORDER BY score DESC LIMIT 1) m "
                                "WHERE t.post_key = m.post_key AND t.shard = m.shard"};

template <std::size_t n>
bool execute(const char* const (&statements)[n])
{
    domain::ConnectionTarget target;
    target.service = kService + "-owner";
    auto owner = lab::PgLink::open(target);
    if (!owner)
        return false;
    for (const char* sql : statements) {
        if (const auto done = owner->rows(sql); !done) {
            std::fprintf(stderr, "%s\n", domain::sentenceOf(done.error()).c_str());
            return false;
        }
    }
    return true;
}

QPushButton* button(Photographer& photographer, const char* name)
{
    return photographer.window().findChild<QPushButton*>(QString::fromLatin1(name));
}

bool isChecked(Photographer& photographer)
{
    return photographer.until([&] { return button(photographer, "checkAll")->isEnabled(); });
}

void choose(Photographer& photographer, const char* control)
{
    for (QTableView* table : photographer.window().findChildren<QTableView*>()) {
        if (auto* model = qobject_cast<tables::ControlListModel*>(table->model()))
            table->setCurrentIndex(model->index(model->rowOf(control), 0));
    }
    photographer.rest();
}

bool acceptRisk(Photographer& photographer)
{
    choose(photographer, "separate_environments");
    button(photographer, "acceptRisk")->click();
    auto* reason = photographer.window().findChild<QLineEdit*>(QStringLiteral("acceptReason"));
    if (reason == nullptr)
        return false;
    reason->setText(QStringLiteral("Staging moves to a server of its own in January; nobody outside reaches it"));
    photographer.rest();
    photographer.shootDialog(*reason->window(), QStringLiteral("controls-accept"));
    button(photographer, "acceptGo")->click();
    photographer.rest(2000);
    return isChecked(photographer);
}

void shootFlags(Photographer& photographer)
{
    photographer.page(QStringLiteral("flags"));
    const QString text = QStringLiteral("detector=control");
    photographer.window().findChild<widgets::FilterBar*>()->setFilterText(text);
    photographer.window().page(QStringLiteral("flags"))->setFilterText(text);
    photographer.rest();
    photographer.shoot(QStringLiteral("evidence-control"));
}

} // namespace

bool shootControls(Photographer& photographer, const std::function<bool(const QStringList&)>& control)
{
    const QStringList record{QStringLiteral("controls"), QStringLiteral("--service"), QString::fromStdString(kService),
                             QStringLiteral("--record")};
    if (!execute(kInOrder) || !control(record) || !execute(kBroken) || !control(record) || !photographer.open(kService))
        return false;
    photographer.page(QStringLiteral("controls"));
    if (!isChecked(photographer) || !acceptRisk(photographer))
        return false;
    choose(photographer, "unique_key");
    photographer.shoot(QStringLiteral("controls"));
    choose(photographer, "transport");
    photographer.shoot(QStringLiteral("controls-unknown"));
    shootFlags(photographer);
    return true;
}

} // namespace scr::shots
