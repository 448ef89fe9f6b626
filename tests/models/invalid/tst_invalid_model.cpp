// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reasons and samples as tables, while reports come: rows stay what they are.
#include <QAbstractItemModelTester>
#include <QtTest>

#include "models/invalid/invalid_model.h"
#include "models/invalid/sample_model.h"
#include "tests/support/invalid_world.h"

using namespace weir;
using namespace weir::test;

namespace {

QStringList column(const QAbstractItemModel& model, int which) {
    QStringList cells;
    for (int row = 0; row < model.rowCount(); ++row)
        cells.append(model.index(row, which).data().toString());
    return cells;
}

InvalidRecord failed(const std::string& reason, const std::string& user,
                     const std::string& version = "4.7.1") {
    return {dead_letter(reason, "/properties/price", native_event(user, version))};
}

std::shared_ptr<const InvalidReport> report_of(const InvalidWorld& world) {
    return std::make_shared<const InvalidReport>(world.report());
}

} // namespace

class TestInvalidModel : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void the_most_events_come_first_and_a_chosen_row_stays_chosen_when_others_pass_it() {
        InvalidWorld world;
        InvalidModel model;
        QAbstractItemModelTester tester(&model);
        world.see({failed("wrong_type", "a"), failed("wrong_type", "b"), failed("pattern", "c")});
        model.setReport(report_of(world), world.words);
        QCOMPARE(column(model, InvalidModel::Reason),
                 (QStringList{QStringLiteral("wrong_type"), QStringLiteral("pattern")}));
        const QPersistentModelIndex pattern = model.index(1, InvalidModel::Reason);
        world.see({failed("pattern", "d"), failed("pattern", "e"), failed("format", "f")});
        model.setReport(report_of(world), world.words);
        QCOMPARE(column(model, InvalidModel::Reason),
                 (QStringList{QStringLiteral("pattern"), QStringLiteral("wrong_type"),
                              QStringLiteral("format")}));
        QCOMPARE(pattern.row(), 0);
        QCOMPARE(pattern.data().toString(), QStringLiteral("pattern"));
        QCOMPARE(column(model, InvalidModel::Client).front(),
                 QStringLiteral("client · android · 4.7.1"));
        QCOMPARE(column(model, InvalidModel::Share).front(), QStringLiteral("–")); // of what?
        model.setReport(std::make_shared<const InvalidReport>(), world.words);
        QCOMPARE(model.rowCount(), 0);
    }

    void it_is_sorted_by_any_column_and_narrowed_by_words() {
        InvalidWorld world;
        InvalidModel model;
        QAbstractItemModelTester tester(&model);
        world.see({failed("wrong_type", "a", "4.8.0"), failed("wrong_type", "a", "4.8.0"),
                   failed("pattern", "c")});
        model.setReport(report_of(world), world.words);
        model.sort(InvalidModel::Reason, Qt::AscendingOrder);
        QCOMPARE(column(model, InvalidModel::Reason).front(), QStringLiteral("pattern"));
        model.sort(InvalidModel::Users, Qt::DescendingOrder);
        model.setFilter(QStringLiteral("android 4.8"), false);
        QCOMPARE(column(model, InvalidModel::Reason), QStringList{QStringLiteral("wrong_type")});
        model.setFilter({}, false);
        QCOMPARE(model.rowCount(), 2);
    }

    void bots_are_shown_on_demand() {
        InvalidWorld world;
        InvalidModel model;
        QAbstractItemModelTester tester(&model);
        world.see({failed("adapter_failures", "a")});
        model.setReport(report_of(world), world.words);
        QCOMPARE(model.rowCount(), 0);
        model.setFilter({}, true);
        QCOMPARE(model.index(0, 0).data(InvalidModel::NoteRole).toString(), QStringLiteral("bot"));
    }

    void figures_are_written_for_people() {
        QCOMPARE(invalid_share_text(0.0234), QStringLiteral("2.3 %"));
        QCOMPARE(invalid_share_text(0.0004), QStringLiteral("0.04 %"));
        QCOMPARE(invalid_share_text(0.0), QStringLiteral("0.0 %"));
        QCOMPARE(invalid_share_text(std::nullopt), QStringLiteral("–"));
        QCOMPARE(invalid_trend_text(2.41), QStringLiteral("+2.4 pp"));
        QCOMPARE(invalid_trend_text(-0.5), QStringLiteral("−0.50 pp"));
        QCOMPARE(invalid_trend_text(0.001), QStringLiteral("0 pp"));
    }

    void samples_come_in_on_top_and_stay_where_they_are() {
        InvalidWorld world;
        SampleModel model;
        QAbstractItemModelTester tester(&model);
        const auto sample = [&](std::int64_t offset) {
            return InvalidSample{offset * 1'000, Offset(offset), PartitionId(2),
                                 world.words->places->id("test", "invalid_events"), 0};
        };
        model.setTimeText([](std::int64_t us) { return QString::number(us / 1'000); });
        model.setSamples({sample(8), sample(5)}, world.words);
        const QPersistentModelIndex five = model.index(1, SampleModel::At);
        model.setSamples({sample(9), sample(8), sample(5)}, world.words);
        QCOMPARE(column(model, SampleModel::Time),
                 (QStringList{QStringLiteral("9"), QStringLiteral("8"), QStringLiteral("5")}));
        QCOMPARE(five.row(), 2);
        QCOMPARE(five.data().toString(), QStringLiteral("2 @ 5"));
        QCOMPARE(model.index(0, SampleModel::Place).data().toString(),
                 QStringLiteral("invalid_events"));
        model.setSamples({sample(9)}, world.words);
        QCOMPARE(model.rowCount(), 1);
    }
};

QTEST_GUILESS_MAIN(TestInvalidModel)
#include "tst_invalid_model.moc"
