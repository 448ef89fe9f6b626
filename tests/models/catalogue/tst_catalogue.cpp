// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contracts and what is seen, put together; and the models that show them, read back as text.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "models/catalogue/catalogue_facts.h"
#include "models/catalogue/catalogue_model.h"
#include "models/catalogue/catalogue_words.h"
#include "models/catalogue/fields_model.h"
#include "tests/support/catalogue_world.h"

using namespace weir;
using namespace weir::test;

namespace {

/// "  version 2 | deprecated | 10 | 2 | 1 | checkout team", as the list has it.
QStringList list_of(const CatalogueModel& model, const QModelIndex& parent = {}) {
    QStringList lines;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex at = model.index(row, 0, parent);
        QStringList cells{at.data().toString()};
        QString note = at.data(CatalogueModel::NoteRole).toString();
        if (at.data(CatalogueModel::AlarmRole).toBool())
            note.prepend(QStringLiteral("! "));
        cells.append(note);
        for (int column = CatalogueModel::Events; column < CatalogueModel::ColumnCount; ++column)
            cells.append(at.siblingAtColumn(column).data().toString());
        lines.append((parent.isValid() ? QStringLiteral("  ") : QString()) +
                     cells.join(QStringLiteral(" | ")));
        lines += list_of(model, at);
    }
    return lines;
}

QStringList rows_of(const FactsTable& table) {
    QStringList lines;
    for (const FactsTable::Row& row : table.rows)
        lines.append(row.cells.join(QStringLiteral(" | ")));
    return lines;
}

/// Two versions of purchase, one of signup.
void write_shop(CatalogueWorld& world) {
    world.contract("purchase", 1, R"("deprecated_since": "2026-01-15",)");
    world.contract("purchase", 2);
    world.contract("signup", 1, R"("removed_on": "2026-11-01",)");
    world.load();
}

} // namespace

class TestCatalogue : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void contracts_and_sightings_stand_side_by_side() {
        CatalogueWorld world;
        write_shop(world);
        world.see({}, 9);
        world.see({.version = "1", .source = "server"});
        world.see({.version = "7"}, 10);
        world.see({.type = "signup", .version = "1"});
        world.see({.type = "pruchase", .version = "2"});
        CatalogueModel model;
        QAbstractItemModelTester tester(&model);
        model.setCatalogue(world.catalogue());
        const QStringList expected{
            QStringLiteral("pruchase | ! no contract | 1 |  |  | "),
            QStringLiteral("  version 2 | ! no contract | 1 |  |  | "),
            QStringLiteral(
                "purchase | ! newest 2, 1 without contract | 20 | 2 | 1 | checkout team"),
            QStringLiteral("  version 7 | ! no contract | 10 |  |  | "),
            QStringLiteral("  version 2 |  | 9 | 2 | 1 | checkout team"),
            QStringLiteral("  version 1 | deprecated | 1 | 2 | 1 | checkout team"),
            QStringLiteral("signup | ! newest 1, removed | 1 | 2 | 1 | checkout team"),
            QStringLiteral("  version 1 | ! removed | 1 | 2 | 1 | checkout team")};
        QCOMPARE(list_of(model), expected);
        const auto shares = model.index(1, 0).data(CatalogueModel::SharesRole).toList();
        QCOMPARE(shares, (QVariantList{0.5, 0.45, 0.05}));
        QCOMPARE(world.catalogue()->without_contract(), 2u);
    }

    void a_contract_that_nobody_sends_has_no_share() {
        CatalogueWorld world;
        write_shop(world);
        const auto catalogue = world.catalogue();
        QCOMPARE(catalogue->find("purchase")->find("2")->share, -1.0);
        CatalogueModel model;
        model.setCatalogue(catalogue);
        QCOMPARE(model.index(0, CatalogueModel::Events).data().toString(), QString());
        QVERIFY(model.index(0, 0).data(CatalogueModel::SharesRole).toList().isEmpty());
    }

    void a_tooltip_shows_an_events_type_as_it_is() {
        CatalogueWorld world;
        write_shop(world);
        world.see({.type = "<img src='http://x.example'>", .version = "1"});
        CatalogueModel model;
        model.setCatalogue(world.catalogue());
        const QModelIndex type = model.index(0, CatalogueModel::Events);
        const QString tip = type.data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QStringLiteral("&lt;img src=")), qPrintable(tip));
        QVERIFY(!tip.contains(QStringLiteral("<img")));
        // A screen reader reads no markup.
        QVERIFY(type.siblingAtColumn(CatalogueModel::Name)
                    .data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("<img")));
    }

    void versions_are_matched_as_the_checker_matches_them() {
        CatalogueWorld world;
        write_shop(world);
        for (const char* version : {"2", "2.0", "20e-1"})
            world.see({.version = version});
        world.see({.version = "1-0-2"});
        world.see({.version = ""});
        const auto catalogue = world.catalogue();
        const CatalogueType& purchase = *catalogue->find("purchase");
        QCOMPARE(purchase.find("2")->seen.events, 3u);
        QCOMPARE(purchase.find("1-0-2")->standing, Standing::NoContract);
        // No version at all: the checker takes the newest.
        QCOMPARE(purchase.find("")->standing, Standing::Unversioned);
        QCOMPARE(purchase.versions.back().version, std::string());
    }

    void counts_may_be_those_of_one_place() {
        CatalogueWorld world;
        write_shop(world);
        world.see({}, 5);
        world.see({.topic = "invalid_events", .outcome = Outcome::Failed}, 2);
        CatalogueParts parts = world.parts();
        QCOMPARE(make_catalogue(parts)->find("purchase")->seen.failed, 2u);
        parts.only = world.vocabulary->places->id("shop-kafka", "raw_events");
        const auto catalogue = make_catalogue(parts);
        QCOMPARE(catalogue->find("purchase")->seen.events, 5u);
        QCOMPARE(catalogue->find("purchase")->seen.failed, 0u);
        QCOMPARE(catalogue->places.size(), 2u); // the others are still to be chosen
    }

    void with_stages_an_event_is_counted_once_where_it_comes_in() {
        CatalogueWorld world;
        write_shop(world);
        CatalogueParts parts = world.parts();
        parts.entries = {"raw_events"};
        world.see({.topic = "unique_events"}, 5);
        parts.counts = {world.counts->snapshot()};
        QCOMPARE(make_catalogue(parts)->find("purchase")->seen.events, 5u); // nothing came in yet
        world.see({}, 5);
        world.see({.version = "1"}, 5);
        // One that a stage rejected, and one that the collector refused.
        world.see({.topic = "invalid_events", .outcome = Outcome::Failed, .has_origin = true});
        world.see({.version = "7", .topic = "invalid_events", .outcome = Outcome::Failed});
        parts.counts = {world.counts->snapshot()};
        const auto catalogue = make_catalogue(parts);
        QVERIFY(catalogue->counted == Counted::ComingIn);
        const CatalogueType& purchase = *catalogue->find("purchase");
        QCOMPARE(purchase.seen.events, 11u);
        QCOMPARE(purchase.seen.failed, 1u);
        QCOMPARE(purchase.find("2")->share, 5.0 / 11);
        QCOMPARE(purchase.find("7")->seen.events, 1u);
        QCOMPARE(catalogue->places.size(), 3u); // the others are still to be chosen
        parts.entries.clear();
        QCOMPARE(make_catalogue(parts)->find("purchase")->seen.events, 17u);
    }

    void a_masked_type_is_masked_here_too() {
        CatalogueWorld world;
        write_shop(world);
        world.disclosure = DisclosurePolicy::built_in_detectors();
        world.see({.type = "jane.doe@example.org"});
        const auto catalogue = world.catalogue();
        QVERIFY(catalogue->find("jane.doe@example.org") == nullptr);
        QCOMPARE(catalogue->types.size(), 3u);
        QVERIFY(catalogue->find("purchase") != nullptr);
    }

    void broken_files_are_rows_of_their_own_and_the_rest_works() {
        CatalogueWorld world;
        write_shop(world);
        world.write("refund/1.json",
                    R"({"weir_contract": 1, "type": "refund", "version": 1, "owner": "o",
 "schema": {"properties": {"price": {"type": "nmber"}}}})");
        world.load();
        CatalogueModel model;
        QAbstractItemModelTester tester(&model);
        model.setCatalogue(world.catalogue());
        QCOMPARE(model.rowCount(), 3);
        const QModelIndex broken = model.index(0, 0);
        QCOMPARE(broken.data().toString(), QStringLiteral("refund/1.json"));
        QVERIFY(broken.data(CatalogueModel::AlarmRole).toBool());
        const Error* const problem = model.problemAt(broken);
        QVERIFY(problem != nullptr);
        QVERIFY2(problem->where.find("refund/1.json:2") != std::string::npos,
                 problem->where.c_str());
        QVERIFY(problem->where.find("/schema/properties/price/type") != std::string::npos);
    }

    void rows_come_and_go_where_they_belong() {
        CatalogueWorld world;
        write_shop(world);
        CatalogueModel model;
        QAbstractItemModelTester tester(&model);
        model.setCatalogue(world.catalogue());
        const QPersistentModelIndex chosen =
            model.indexOf(CatalogueModel::versionKey("purchase", "1"));
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        world.see({.type = "app_crash"});
        world.see({.version = "5"});
        world.contract("app_open", 1);
        world.load();
        model.setCatalogue(world.catalogue());
        QCOMPARE(resets.count(), 0);
        QVERIFY(chosen.isValid());
        QCOMPARE(model.versionAt(chosen)->version, std::string("1"));
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("app_crash"));
        QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("app_open"));
        // A contract for what had none: the type moves to those that have one.
        world.contract("app_crash", 2);
        world.remove("signup/1.json");
        world.load();
        model.setCatalogue(world.catalogue());
        QCOMPARE(list_of(model).filter(QStringLiteral("app_crash")).front(),
                 QStringLiteral("app_crash | ! newest 2 | 1 | 2 | 1 | checkout team")
                     .replace(QStringLiteral("! "), QString()));
        QVERIFY(!model.indexOf(CatalogueModel::typeKey("signup")).isValid());
        QVERIFY(chosen.isValid());
    }

    void words_narrow_the_list_by_type_owner_and_field() {
        CatalogueWorld world;
        write_shop(world);
        CatalogueModel model;
        QAbstractItemModelTester tester(&model);
        model.setCatalogue(world.catalogue());
        for (const auto& [words, rows] :
             {std::pair("sign", 1), std::pair("CHECKOUT pur", 1), std::pair("/email", 2),
              std::pair("nothing like it", 0), std::pair("", 2)}) {
            model.setFilter(QString::fromLatin1(words));
            QCOMPARE(model.rowCount(), rows);
        }
    }

    void fields_stand_along_their_pointers() {
        const auto set = ContractSet::built_in();
        FieldsModel model;
        QAbstractItemModelTester tester(&model);
        for (const auto& contract : set->contracts())
            if (contract->type == "purchase" && contract->version == 3)
                model.setContract(contract);
        const QModelIndex sku = model.indexOf(QStringLiteral("/properties/items/*/sku"));
        QVERIFY(sku.isValid());
        QCOMPARE(sku.parent().data().toString(), QStringLiteral("any element"));
        QCOMPARE(sku.parent().parent().data().toString(), QStringLiteral("items"));
        const QModelIndex price = model.indexOf(QStringLiteral("/properties/price"));
        QCOMPARE(price.siblingAtColumn(FieldsModel::Required).data().toString(),
                 QStringLiteral("yes"));
        QVERIFY(price.siblingAtColumn(FieldsModel::Allowed)
                    .data()
                    .toString()
                    .contains(QStringLiteral("at least 0")));
        // What the envelope says of a field that the contract narrows adds up.
        const QModelIndex version = model.indexOf(QStringLiteral("/schema_version"));
        QCOMPARE(version.siblingAtColumn(FieldsModel::Required).data().toString(),
                 QStringLiteral("yes"));
        QVERIFY(version.siblingAtColumn(FieldsModel::Allowed)
                    .data()
                    .toString()
                    .contains(QStringLiteral("always 3")));
        model.setContract(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void tables_say_rules_effects_and_changes() {
        const auto set = ContractSet::built_in();
        const Contract& purchase = *set->find("purchase", 2);
        QCOMPARE(rows_of(rules_table(purchase)).back(),
                 QStringLiteral("a purchase has a price |  | properties.price > 0 | warning: "
                                "flagged | /properties/price | check that the discount is meant"));
        const QStringList effects = rows_of(effects_table(purchase));
        QCOMPARE(effects.size(), violation_reason_count);
        QVERIFY(
            effects.contains(QStringLiteral("unexpected_property | flag: accepted, and recorded")));
        QVERIFY(effects.back().endsWith(QStringLiteral("block: the event is refused")));
        QVERIFY(rows_of(changes_table(purchase)).front().startsWith(QStringLiteral("2025-02-01")));
    }

    void a_table_keeps_its_rows_while_only_numbers_change() {
        CatalogueWorld world;
        world.see({}, 3);
        FactsModel model;
        QAbstractItemModelTester tester(&model);
        const auto table = [&] {
            return seen_table(world.catalogue()->types.front().versions.front(), [](Micros time) {
                return QString::number(time.value() / 1'000'000);
            });
        };
        model.setTable(table());
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        world.see({}, 2);
        model.setTable(table());
        QCOMPARE(resets.count(), 0);
        QCOMPARE(rows_of(model.table()).front(),
                 QStringLiteral("raw_events | client | 5 | 0 | 1700000000 | 1700000000"));
        world.see({.connection = "other-kafka"});
        model.setTable(table());
        QCOMPARE(resets.count(), 1); // a column of connections
        QCOMPARE(model.columnCount(), 7);
    }

    void commands_are_quoted_for_a_shell() {
        const std::string filter = events_filter("it's \"new\"", "4");
        QCOMPARE(filter, std::string(R"(type == "it's \"new\"" and schema_version == "4")"));
        QVERIFY(Filter::parse(filter, Micros(0)).ok());
        QVERIFY(Filter::parse(events_filter("", std::string()), Micros(0)).ok());
        QCOMPARE(
            draft_command({{}, {.bootstrap = "localhost:9092"}}, "raw_events", "type == \"a\""),
            std::string("weir contract infer --bootstrap localhost:9092 --topic raw_events "
                        "--filter 'type == \"a\"' --output contracts/"));
    }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
