package dev.hone.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.schema.Grammar.Position;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GrammarTest {
    static boolean accepts(Grammar grammar, String text) {
        @Nullable Position position = grammar.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (position == null) {
                return false;
            }
            position = grammar.after(position, b & 0xff);
        }
        return position != null && position.mayEnd();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            true                                    | {"a":[1,-2.5e3,"x\\u00e9",null,{}],"b":true} | true
            true                                    | 01                | false
            true                                    | [1,]              | false
            true                                    | {"a":1,}          | false
            true                                    | "\\ud83d"         | false
            true                                    | "😀é\\n"          | true
            {"type":"string","maxLength":2}         | "é😀"             | true
            {"type":"string","maxLength":2}         | "abc"             | false
            {"type":"string","minLength":2}         | "a"               | false
            {"type":"string","minLength":2}         | "a\\n"            | true
            {"type":"integer"}                      | -0                | true
            {"type":"integer"}                      | 1.5               | false
            {"type":"integer"}                      | 1e3               | false
            {"type":"number"}                       | 1e3               | true
            {"type":"integer","minimum":3}          | 2                 | false
            {"type":"integer","minimum":3}          | 25                | true
            {"type":"integer","minimum":3}          | -1                | false
            {"type":"integer","minimum":-12,"maximum":-3} | -12         | true
            {"type":"integer","minimum":-12,"maximum":-3} | -13         | false
            {"type":"integer","minimum":-12,"maximum":-3} | -2          | false
            {"type":"number","exclusiveMinimum":0,"maximum":1} | 0.25   | true
            {"type":"number","exclusiveMinimum":0,"maximum":1} | 0      | false
            {"type":"number","exclusiveMinimum":0,"maximum":1} | 1.0    | true
            {"type":"number","exclusiveMinimum":0,"maximum":1} | 1.01   | false
            {"type":["null","boolean"]}             | null              | true
            {"type":["null","boolean"]}             | 0                 | false
            {"enum":["a",1,null,{"k":[1]}]}         | {"k":[1]}         | true
            {"enum":["a",1,null,{"k":[1]}]}         | "b"               | false
            {"enum":["a","ab"]}                     | "ab"              | true
            {"const":"é"}                           | "é"               | true
            {"type":"string","enum":["a",1]}        | 1                 | false
            {"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2} | [] | false
            {"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2} | [1, 2] | true
            {"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2} | [1,2,3] | false
            {"type":"array","prefixItems":[{"const":1}],"items":false} | [1] | true
            {"type":"array","prefixItems":[{"const":1}],"items":false} | [1,1] | false
            {"type":"array","prefixItems":[{"const":1}]} | [1,"x"] | true
            {"anyOf":[{"type":"integer"},{"type":"array","items":{"$ref":"#"}}]} | [1,[2,[]]] | true
            {"anyOf":[{"type":"integer"},{"type":"array","items":{"$ref":"#"}}]} | [1,["x"]] | false
            {"anyOf":[{"enum":["ab"]},{"type":"string","maxLength":1}]} | "ab" | true
            {"anyOf":[{"enum":["ab"]},{"type":"string","maxLength":1}]} | "ba" | false
            """)
    void valuesOfASchemaAreAcceptedAndNoOthers(String schema, String text, boolean accepted) {
        assertEquals(accepted, accepts(Grammar.ofSchema(schema), text.replace("\\\\", "\\")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"city":"x"}                   | true
            {"city":"x","days":3}          | true
            {"days": 3, "city": "x"}       | true
            {"city":"x","days":3,"z":{}}   | false
            {"days":3}                     | false
            {}                             | false
            {"city":"x","city":"y"}        | false
            {"city":"x",}                  | false
            {"city":"x","d\\u0061ys":"no"} | false
            {"city" :"x"}                  | false
            """)
    void propertiesComeInAnyOrderOnceAndTheRequiredOnesAlways(String text, boolean accepted) {
        Grammar grammar = Grammar.ofSchema("""
                {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},
                 "required":["city"],"additionalProperties":false}""");
        assertEquals(accepted, accepts(grammar, text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1,"other":true,"more":false} | true
            {"ab":true}                       | true
            {"a":true}                        | false
            {"other":1}                       | false
            {"":true}                         | true
            """)
    void otherPropertiesHaveTheSchemaForOthersAndNeverANamedOnes(String text, boolean accepted) {
        Grammar grammar = Grammar.ofSchema("""
                {"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"boolean"}}""");
        assertEquals(accepted, accepts(grammar, text));
    }

    @Test
    void whereATextLeavesTheGrammarIsSaid() {
        Grammar grammar = Grammar.ofSchema("{\"enum\":[\"über\",\"ab\"]}");
        assertEquals(Optional.empty(), grammar.refusal("\"über\""));
        assertEquals(Optional.of("After [\"ü] cannot come [nter\"]"), grammar.refusal("\"ünter\""));
        assertEquals(Optional.of("After [\"ab\"] cannot come [ ]"), grammar.refusal("\"ab\" "));
        assertEquals(Optional.of("After [\"a] more must come"), grammar.refusal("\"a"));
    }

    @Test
    void aCallNamesAnOfferedToolAndHasItsArguments() {
        Grammar grammar = Grammar.ofCalls(List.of("""
                {"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":
                 {"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}}""", """
                {"type":"function","function":{"name":"wea","parameters":{"type":"object","properties":
                 {"n":{"type":"integer"}},"additionalProperties":false}}}""", """
                {"type":"function","function":{"name":"ping"}}"""));
        assertTrue(accepts(grammar, "{\"name\":\"weather\",\"arguments\":{\"city\":\"Bern\"}}"));
        assertTrue(accepts(grammar, "{\"name\": \"wea\", \"arguments\": {\"n\": 3}}"));
        assertTrue(accepts(grammar, "{\"name\":\"ping\",\"arguments\":{}}"));
        assertEquals(false, accepts(grammar, "{\"name\":\"wea\",\"arguments\":{\"city\":\"Bern\"}}"));
        assertEquals(false, accepts(grammar, "{\"name\":\"other\",\"arguments\":{}}"));
        assertEquals(false, accepts(grammar, "{\"arguments\":{},\"name\":\"ping\"}"));
        assertEquals(false, accepts(grammar, "{\"name\":\"ping\"}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"string","pattern":3}                     | [pattern] at [#] is no text
            {"type":"string","pattern":"a$b"}                 | [#] accepts nothing
            {"type":"string","pattern":"a","format":"ipv4"}   | [#] accepts nothing
            {"type":"string","pattern":"^a+$","maxLength":0}  | [#] accepts nothing
            {"type":"integer","format":"int32"}               | [format] at [#] is [int32]
            {"format":"uri"}                                  | supported are: date, date-time, email, ipv4, time, uuid
            {"allOf":[{"type":"string"},{"type":"null"}]}     | [#] accepts nothing
            {"allOf":[]}                                      | no list of schemas
            {"allOf":[{"minimum":3,"type":"integer"}],"maximum":2} | [#] accepts nothing
            {"properties":{"a":{"allOf":[{"$ref":"#"},{"type":"object"}]}}} | leads to a schema that contains it
            {"allOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"a":{"type":"null"}}}]} | Property [a] at [#] can have no value
            {"allOf":[{"not":{}}]}                            | Keyword [not] at [#/allOf/0]
            {"properties":{"a":{"not":{}}}}                   | Keyword [not] at [#/properties/a]
            {"type":"dict"}                                   | [type] at [#] is [dict]
            {"$ref":"#/$defs/x"}                              | points to nothing
            {"$ref":"https://example.org/x"}                  | points outside
            {"$ref":"#"}                                      | no finite value
            {"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]} | no finite value
            {"oneOf":[{"type":"integer"},{"type":"number"}]}  | use [anyOf]
            {"type":"array","minItems":3,"maxItems":2}        | [minItems] is more than [maxItems]
            {"type":"integer","minimum":1.2,"maximum":1.8}    | no number
            {"enum":[]}                                       | none of its own values
            false                                             | accepts nothing
            3                                                 | neither an object nor a boolean
            {                                                 | is not JSON
            {"type":"string","minLength":-1}                  | is no count
            """)
    void whatIsNotSupportedIsNamed(String schema, String reason) {
        String message = assertThrows(SchemaException.class, () -> Grammar.ofSchema(schema))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"allOf":[{"type":"integer"},{"minimum":3},{"maximum":5}]}         | 4        | true
            {"allOf":[{"type":"integer"},{"minimum":3},{"maximum":5}]}         | 6        | false
            {"allOf":[{"exclusiveMinimum":3},{"minimum":3}],"type":"integer"}  | 3        | false
            {"allOf":[{"exclusiveMaximum":3},{"maximum":3}],"type":"integer"}  | 3        | false
            {"allOf":[{"type":["string","null"]},{"type":["null","boolean"]}]} | null     | true
            {"allOf":[{"type":["string","null"]},{"type":["null","boolean"]}]} | "a"      | false
            {"allOf":[{"enum":["a","b",3]},{"enum":["b",3,"c"]}]}              | "b"      | true
            {"allOf":[{"enum":["a","b",3]},{"enum":["b",3,"c"]}]}              | "a"      | false
            {"enum":["a","bcd",3],"minLength":2}                               | "bcd"    | true
            {"enum":["a","bcd",3],"minLength":2}                               | 3        | true
            {"enum":["a","bcd",3],"minLength":2}                               | "a"      | false
            {"allOf":[{"pattern":"^a"},{"pattern":"b$"}],"type":"string"}      | "axb"    | true
            {"allOf":[{"pattern":"^a"},{"pattern":"b$"}],"type":"string"}      | "ax"     | false
            {"type":"string","anyOf":[{"maxLength":1},{"pattern":"^b"}]}       | "bcd"    | true
            {"type":"string","anyOf":[{"maxLength":1},{"pattern":"^b"}]}       | "cd"     | false
            {"allOf":[{"prefixItems":[{"type":"integer"}]},{"items":{"minimum":2}}]} | [2,3] | true
            {"allOf":[{"prefixItems":[{"type":"integer"}]},{"items":{"minimum":2}}],"type":"array"} | [1] | false
            {"allOf":[{"type":"array","prefixItems":[{"const":1}],"items":false},{"minItems":1}]} | [1] | true
            {"allOf":[{"type":"array","prefixItems":[{"const":1}],"items":false},{"minItems":1}]} | []  | false
            """)
    void whatStandsBesideEachOtherHoldsTogether(String schema, String text, boolean accepted) {
        assertEquals(accepted, accepts(Grammar.ofSchema(schema), text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1,"b":"x"}         | true
            {"b":"x","a":1}         | true
            {"a":1}                 | false
            {"a":1,"b":"x","c":0}   | false
            {"a":9,"b":"x"}         | false
            """)
    void objectsOfSeveralSchemasHaveThePropertiesOfAll(String text, boolean accepted) {
        Grammar grammar = Grammar.ofSchema("""
                {"allOf":[{"$ref":"#/$defs/a"},
                  {"type":"object","properties":{"a":{"maximum":5},"b":{"type":"string"}},"required":["b"],
                   "additionalProperties":false}],
                 "$defs":{"a":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}}}""");
        assertEquals(accepted, accepts(grammar, text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"v":1,"next":{"v":2}}          | true
            {"v":1,"next":{"v":2,"w":true}} | true
            {"v":1,"next":{"v":9}}          | false
            {"v":1,"next":{"w":true}}       | false
            {"v":1,"w":0}                   | false
            """)
    void schemasThatContainThemselvesAreTakenTogether(String text, boolean accepted) {
        Grammar grammar = Grammar.ofSchema("""
                {"allOf":[{"$ref":"#/$defs/one"},{"$ref":"#/$defs/two"}],
                 "$defs":{"one":{"type":"object","required":["v"],"properties":{"v":{"type":"integer"},"next":{"$ref":"#/$defs/one"}}},
                          "two":{"properties":{"v":{"maximum":5},"w":{"type":"boolean"},"next":{"$ref":"#/$defs/two"}}}}}""");
        assertEquals(accepted, accepts(grammar, text));
    }

    @Test
    void aSchemaThatNestsWithoutEndIsRefused() {
        String deep = "{\"items\":".repeat(100) + "{}" + "}".repeat(100);
        assertThrows(SchemaException.class, () -> Grammar.ofSchema(deep));
    }
}
