// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// labels: threads
#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

#include "app/session/session.h"

using namespace weir;

namespace {

void write(const QTemporaryDir& folder, const char* name, const std::string& text) {
    // A rename, as an editor saves: nobody sees half a file.
    const QString path = folder.filePath(QString::fromUtf8(name));
    const QString temporary = path + QStringLiteral(".new");
    std::ofstream(temporary.toStdString()) << text;
    QFile::remove(path);
    QVERIFY(QFile::rename(temporary, path));
}

std::string contract(int version, const std::string& more = {}) {
    return R"({"weir_contract": 1, "type": "order", "version": )" + std::to_string(version) +
           R"(, "owner": "shop", "schema": {"type": "object")" + more + "}}";
}

Workspace with_contracts(const std::string& folder) {
    Workspace workspace;
    workspace.name = "Shop";
    workspace.file = "/work/shop.weir.json";
    workspace.contracts.folder = folder;
    return workspace;
}

} // namespace

class TestContractKeeper : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_session_hands_out_the_contracts_and_what_became_of_their_files() {
        const QTemporaryDir folder;
        write(folder, "1.json", contract(1));
        const auto session = Session::open(with_contracts(folder.path().toStdString()));
        QVERIFY2(session.ok(), session.ok() ? "" : session.error().text().c_str());
        const auto first = (*session)->contracts();
        QCOMPARE(first->set->contracts().size(), 1u);
        QVERIFY(!first->error);

        write(folder, "2.json", contract(2));
        QTRY_COMPARE((*session)->contracts()->set->contracts().size(), 2u);
        QVERIFY((*session)->contracts()->revision > first->revision);
        QCOMPARE(first->set->contracts().size(), 1u); // who holds the old set keeps it

        write(folder, "3.json", contract(3, R"(, "type": 7)")); // broken: the rest works
        QTRY_COMPARE((*session)->contracts()->set->problems().size(), 1u);
        QCOMPARE((*session)->contracts()->set->contracts().size(), 2u);
    }

    void a_folder_that_goes_leaves_its_contracts_in_force_and_is_told() {
        const QTemporaryDir around;
        const QString path = around.filePath(QStringLiteral("contracts"));
        QVERIFY(QDir().mkpath(path));
        std::ofstream(path.toStdString() + "/1.json") << contract(1);
        const auto session = Session::open(with_contracts(path.toStdString()));
        QVERIFY(session.ok());
        QVERIFY(QDir().rename(path, path + QStringLiteral("-away")));
        QTRY_VERIFY((*session)->contracts()->error.has_value());
        QCOMPARE((*session)->contracts()->set->contracts().size(), 1u);
        QVERIFY(QDir().rename(path + QStringLiteral("-away"), path));
        QTRY_VERIFY(!(*session)->contracts()->error);
    }

    void without_its_folder_a_workspace_is_not_opened() {
        const auto session = Session::open(with_contracts("/nowhere/contracts"));
        QVERIFY(!session.ok());
        QVERIFY(session.error().code == ErrorCode::NotFound);
        const std::string text = session.error().text();
        QVERIFY2(text.find("shop.weir.json#/contracts/folder") != std::string::npos, text.c_str());
        QVERIFY2(text.find("/nowhere/contracts") != std::string::npos, text.c_str());
    }

    void the_demo_has_the_shops_contracts_and_others_have_none() {
        const auto demo = Session::open(Workspace::demo());
        QVERIFY(demo.ok());
        QVERIFY((*demo)->contracts()->set->latest("purchase") != nullptr);
        QVERIFY((*demo)->contracts()->set->problems().empty());
        const auto none = Session::open(Workspace());
        QVERIFY(none.ok());
        QVERIFY((*none)->contracts()->set->contracts().empty());
    }
};

QTEST_APPLESS_MAIN(TestContractKeeper)
#include "tst_contract_keeper.moc"
