export { getAgileBoards } from "./get-agile-boards.ts";
export { getSprintsFromBoard } from "./get-sprints-from-board.ts";
