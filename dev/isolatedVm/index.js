throw new Error(
	"isolated-vm is left out of the development dependencies (dev/isolatedVm): the tests evaluate expressions with n8n's default engine.",
);
