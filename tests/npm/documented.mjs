// `node documented.mjs FILE.d.ts …`: names every exported declaration, and every member of one, that has no documentation to show when
// somebody hovers over it. Uses the TypeScript of the folder it is started in.
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const ts = createRequire(join(process.cwd(), "package.json"))("typescript");
const files = process.argv.slice(2);
const undocumented = [];

for (const file of files) {
  const source = ts.createSourceFile(file, ts.sys.readFile(file) ?? "", ts.ScriptTarget.Latest, true);
  if (source.statements.length === 0) throw new Error(`${file} declares nothing`);
  for (const statement of source.statements) declaration(file, statement, []);
}

/** A declaration, and what is declared in it. Imports and exports only repeat names. */
function declaration(file, node, path) {
  if (ts.isModuleDeclaration(node)) {
    for (const inner of node.body?.statements ?? [node.body].filter(Boolean)) declaration(file, inner, [...path, node.name.text]);
  } else if (ts.isVariableStatement(node)) {
    for (const { name } of node.declarationList.declarations) check(file, node, [...path, name.getText()]);
  } else if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isFunctionDeclaration(node)) {
    const named = [...path, node.name?.text ?? "default"];
    // An interface of a module that exists already is documented there.
    if (path.length === 0 || !ts.isInterfaceDeclaration(node)) check(file, node, named);
    members(file, node, named);
  }
}

/** Members of classes, interfaces and object types. What a method takes and returns is documented with the method. */
function members(file, node, path) {
  ts.forEachChild(node, (child) => {
    const name = child.name?.getText();
    const isPrivate = (ts.getCombinedModifierFlags(child) & ts.ModifierFlags.Private) !== 0;
    if (ts.isTypeElement(child) || ts.isClassElement(child)) {
      if (isPrivate) return;
      const inner = [...path, name ?? ts.SyntaxKind[child.kind]];
      // The word that tells the variants of a union apart is documented with the union.
      const tag = ts.isPropertySignature(child) && ts.isTypeLiteralNode(node) && child.type && ts.isLiteralTypeNode(child.type);
      if (!tag) check(file, child, inner);
      if (ts.isPropertySignature(child) || ts.isPropertyDeclaration(child)) members(file, child, inner);
    } else {
      members(file, child, path);
    }
  });
}

function check(file, node, path) {
  const text = ts.getJSDocCommentsAndTags(node).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join("").trim();
  if (text === "") undocumented.push(`${basename(file)}: ${path.join(".")}`);
}

for (const name of undocumented) console.log(name);
process.exitCode = undocumented.length > 0 ? 1 : 0;
