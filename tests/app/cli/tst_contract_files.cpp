// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir contract with files alone: imports stay within their folder, drafts tell nobody's data.
#include <QtTest>

#include "tests/support/test_folder.h"
#include "tests/support/weir_command.h"

using namespace weir::test;

namespace {

/// With double quotes in the place of single ones.
QByteArray quoted(QByteArray text) {
    return text.replace('\'', '"');
}

} // namespace

class TestContractFiles : public QObject {
    Q_OBJECT
    TestFolder m_folder;

    QByteArray read(const char* name) {
        QFile file(QString::fromStdString(m_folder.path(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    Answer imported(const QByteArray& subjects) {
        return weir_in_process({"contract", "import", m_folder.write("subjects.json", subjects),
                                "--force", "--output", m_folder.path("out")});
    }
    static QByteArray subject(const QByteArray& name, const QByteArray& schema,
                              const QByteArray& reference = {}) {
        return quoted("{'subject':'" + name + "','version':1,'schemaType':'JSON','schema':'") +
               schema +
               quoted("','references':[" +
                      (reference.isEmpty()
                           ? QByteArray()
                           : "{'name':'" + reference + "','subject':'other','version':1}") +
                      "]}");
    }

  private Q_SLOTS:
    void an_import_writes_into_its_folder_alone() {
        const auto outside = QByteArray::fromStdString(m_folder.path("outside.json"));
        const Answer said = imported("[" + subject("orders-value", "{}", "file:///" + outside) +
                                     "," + subject("other", "{}") + "]");
        QCOMPARE(said.code, 0);
        QVERIFY(!QFile::exists(QString::fromUtf8(outside)));
        QVERIFY2(said.err.contains("names no file of the folder"), said.err.constData());
        QVERIFY(read("out/orders/1.json").contains("\"orders\""));
    }
    void a_schema_that_is_referred_to_does_not_take_a_contracts_place() {
        const Answer said = imported("[" + subject("orders-value", "{}", "1.json") + "," +
                                     subject("other", "{}") + "]");
        QVERIFY2(said.err.contains("another schema is there already"), said.err.constData());
        QVERIFY(read("out/orders/1.json").contains("weir_contract"));
    }
    void a_value_goes_before_a_key_and_names_that_look_alike_are_two() {
        imported("[" + subject("orders-key", "{}") + "," + subject("orders-value", "{}") + "," +
                 subject("Order Completed", "{}") + "," + subject("Order_Completed", "{}") + "]");
        QVERIFY(read("out/orders/1.json").contains("subject orders-value"));
        QVERIFY(read("out/orders-key/1.json").contains("subject orders-key"));
        QVERIFY(read("out/Order=20Completed/1.json").contains("\"Order Completed\""));
        QVERIFY(read("out/Order_Completed/1.json").contains("\"Order_Completed\""));
    }
    void what_contracts_call_personal_is_not_in_a_draft() {
        m_folder.write("agreed/a.json",
                       quoted("{'weir_contract':1,'type':'a','version':1,'owner':'x',"
                              "'schema':{'properties':{'event_type':{},'note':{'pii':"
                              "'name'}}}}"));
        const std::string contracts = m_folder.path("agreed");
        QByteArray events;
        for (int i = 0; i < 30; ++i)
            events += quoted("{'event_type':'a','schema_version':1,'plan':'basic','note':'Jane "
                             "Miller'}\n");
        const std::string file = m_folder.write("events.ndjson", events);
        const auto drafted = [&](std::vector<std::string> more) {
            more.insert(more.begin(), {"contract", "infer", file});
            return weir_in_process(more);
        };
        const Answer shown = drafted({});
        QVERIFY2(shown.out.contains("Jane Miller"), shown.out.constData());
        const Answer masked = drafted({"--contracts", contracts, "--mask"});
        QCOMPARE(masked.code, 0);
        QVERIFY2(!masked.out.contains("Jane") && masked.out.contains("basic") &&
                     masked.out.contains("\"pii\": \"name\""),
                 masked.out.constData());
        QCOMPARE(drafted({"--contracts", contracts}).code, 2); // it would say nothing
        QCOMPARE(drafted({"--mask", "--limit", "3"}).code, 2);
        QCOMPARE(drafted({"--mask", "--contracts", "/nowhere"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestContractFiles)
#include "tst_contract_files.moc"
